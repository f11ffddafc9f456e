package io.hongyan.im.adapter.push;

import java.net.URI;

/**
 * Where hints go and what that may cost.
 *
 * @param url http or https
 * @param secret key of the signatures
 */
public record WebhookSettings(URI url, byte[] secret, WebhookLimits limits) {}
