package io.hongyan.im.core.feed;

import java.util.Set;

/**
 * Something of the business line that clients may report to.
 *
 * @param platforms which clients may, as in client ids; empty = all
 * @param bytesMax largest report
 * @param perSecondMax reports of one user in one second, 0 = any number
 */
public record ReportDestination(Set<String> platforms, int bytesMax, int perSecondMax) {
    public ReportDestination {
        platforms = Set.copyOf(platforms);
    }
}
