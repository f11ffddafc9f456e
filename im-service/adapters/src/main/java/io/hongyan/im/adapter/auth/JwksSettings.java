package io.hongyan.im.adapter.auth;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where the keys of an issuer are, and how they are looked after.
 *
 * @param file null where they are at a URL
 * @param url null where they are in a file
 * @param refreshMillis after which they are read again
 * @param fetchMillisMax how long that may take
 * @param bytesMax of the whole set
 * @param staleMillisMax how long keys are good that cannot be read again
 */
public record JwksSettings(
        Path file, URI url, long refreshMillis, long fetchMillisMax, int bytesMax, long staleMillisMax) {}
