package io.hongyan.im.adapter.push;

import java.net.URI;

/**
 * Where hints go and what that may cost.
 *
 * @param url http or https
 * @param secret key of the signatures
 * @param requestsMax requests on their way at once
 * @param hintsPerRequestMax hints of one request
 * @param waitingMax hints that wait; above that the oldest are dropped
 * @param connectMillisMax until the connection stands
 * @param answerMillisMax until the whole answer is there
 * @param attemptsMax how often a request is made before its hints are dropped
 * @param retryPauseMillis pause before the second attempt, doubled before each further one
 * @param failuresMax failed attempts in a row after which nothing is sent for a while
 * @param pauseMillis that while; then one request at a time is tried until one succeeds
 */
public record WebhookSettings(
        URI url,
        byte[] secret,
        int requestsMax,
        int hintsPerRequestMax,
        int waitingMax,
        long connectMillisMax,
        long answerMillisMax,
        int attemptsMax,
        long retryPauseMillis,
        int failuresMax,
        long pauseMillis) {}
