package io.hongyan.broker.hook;

import java.util.List;

/**
 * Whom a client has shown itself to be by a certificate that the broker has verified.
 *
 * @param names the common name of its subject as {@code cn:NAME}, then its alternative names as {@code uri:NAME} and {@code
 *     dns:NAME}; at most {@value #NAMES_MAX}
 * @param fromSeconds since when it is valid, seconds since 1970
 * @param untilSeconds until when
 */
public record ClientCertificate(List<String> names, long fromSeconds, long untilSeconds) {
    /** Further ones are passed over. */
    public static final int NAMES_MAX = 16;

    public ClientCertificate {
        names = List.copyOf(names);
    }
}
