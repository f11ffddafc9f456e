package io.hongyan.im.adapter.http;

import io.hongyan.protocol.ClientId;
import java.util.Map;
import java.util.regex.Pattern;

/** A request of somebody who may make it, as a {@link Routes.Handler} sees it. */
public final class ApiRequest {
    static final String LIMIT = "limit";
    static final String AFTER = "after";

    /** An HTTP answer is held in memory whole. */
    static final int LIMIT_MAX = 10_000;

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");

    private final Caller caller;
    private final Map<String, String> path;
    private final Map<String, String> query;
    private final byte[] body;
    private final String requestId;
    private final boolean requestIdGiven;

    /** @param requestIdGiven whether the caller named it, so that it will be the same when asked again */
    ApiRequest(
            Caller caller,
            Map<String, String> path,
            Map<String, String> query,
            byte[] body,
            String requestId,
            boolean requestIdGiven) {
        this.caller = caller;
        this.path = path;
        this.query = query;
        this.body = body;
        this.requestId = requestId;
        this.requestIdGiven = requestIdGiven;
    }

    Caller caller() {
        return caller;
    }

    /** The {@code Idempotency-Key}, or one made for this request. 1-64 printable ASCII characters. */
    String requestId() {
        return requestId;
    }

    boolean requestIdGiven() {
        return requestIdGiven;
    }

    /** A parameter of the path that is a uid or the id of a group. */
    String name(String parameter) {
        return Names.check(parameter, path.get(parameter));
    }

    /** A parameter of the path, as it came. */
    String path(String parameter) {
        return path.get(parameter);
    }

    /** A parameter after the question mark, null where it is missing. */
    String query(String parameter) {
        return query.get(parameter);
    }

    /** A whole number after the question mark. */
    long number(String parameter, long min, long max, long missing) {
        String value = query.get(parameter);
        if (value == null) {
            return missing;
        }
        // Not all that Long.parseLong takes: it takes digits of every script.
        if (NUMBER.matcher(value).matches()) {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw Problem.malformed("The parameter " + parameter + " takes a number from " + min + " to " + max + ".");
    }

    /** Items of one page, 0 = the default. */
    int limit() {
        return (int) number(LIMIT, 1, LIMIT_MAX, 0);
    }

    /** Where the page before ended, empty = from the start. */
    String after() {
        String after = query.getOrDefault(AFTER, "");
        return after.isEmpty() ? after : Names.check(AFTER, after);
    }

    /** The body as a record; every field that is not optional is there. */
    <T extends Record> T body(Class<T> type) {
        return JsonBody.read(body, type);
    }

    /** Ids that clients, groups and users are named with. */
    static final class Names {
        private Names() {}

        /** @param what names the value for who sent it */
        static String check(String what, String value) {
            if (value == null || !ClientId.isName(value)) {
                throw Problem.malformed(what + " takes 1-" + ClientId.NAME_MAX + " letters, digits and _ . @ - only.");
            }
            return value;
        }
    }
}
