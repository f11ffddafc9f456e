package io.hongyan.im.adapter.auth;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where the keys of an issuer are, and limits for reading them.
 *
 * @param file null if they are at a URL
 * @param url null if they are in a file
 */
public record JwksSettings(Path file, URI url, JwksLimits limits) {}
