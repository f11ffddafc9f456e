package io.hongyan.broker.hook;

import java.util.List;

/**
 * The identity of a client by a certificate that the broker has verified.
 *
 * @param names the common name of its subject as {@code cn:NAME}, then its alternative names as {@code uri:NAME} and
 *     {@code dns:NAME}; at most {@value #NAMES_MAX}
 * @param fromSeconds start of validity, seconds since 1970
 * @param untilSeconds end of validity, seconds since 1970
 */
public record ClientCertificate(List<String> names, long fromSeconds, long untilSeconds) {
    /** Further names are ignored. */
    public static final int NAMES_MAX = 16;

    public ClientCertificate {
        names = List.copyOf(names);
    }
}
