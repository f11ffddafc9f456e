package io.hongyan.im.adapter.auth;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where the keys of an issuer are, and how they are looked after.
 *
 * @param file null where they are at a URL
 * @param url null where they are in a file
 */
public record JwksSettings(Path file, URI url, JwksLimits limits) {}
