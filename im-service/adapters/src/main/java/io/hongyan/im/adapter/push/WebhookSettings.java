package io.hongyan.im.adapter.push;

import java.net.URI;

/**
 * The webhook and its limits.
 *
 * @param url http or https
 * @param secret key of the signatures
 */
public record WebhookSettings(URI url, byte[] secret, WebhookLimits limits) {}
