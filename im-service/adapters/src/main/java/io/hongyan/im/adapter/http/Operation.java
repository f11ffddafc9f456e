package io.hongyan.im.adapter.http;

import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One method of one path, as it is described, guarded and answered.
 *
 * @param id names it in generated clients: a verb in lowerCamelCase, never changed
 * @param path with parameters in braces
 * @param summary one sentence
 * @param changes whether it changes something, and so takes the header {@code Idempotency-Key}
 * @param body record of the request's body, null = none
 * @param query parameters after the question mark
 * @param errors what it may be refused with, besides what every operation may
 */
record Operation(
        String id,
        HttpMethod method,
        String path,
        String summary,
        Access access,
        boolean changes,
        Class<?> body,
        List<Query> query,
        Success success,
        Set<ErrorCode> errors) {

    /**
     * A parameter after the question mark.
     *
     * @param type of JSON schema
     * @param oneOf the only texts it may have, empty = any
     */
    record Query(String name, String type, List<String> oneOf, String description) {}

    /**
     * The good answer.
     *
     * @param body record or JSON tree, null = text
     */
    record Success(HttpResponseStatus status, Class<?> body) {
        static final Success TEXT = new Success(HttpResponseStatus.OK, null);
    }

    Operation {
        query = List.copyOf(query);
        errors = Set.copyOf(errors);
    }

    static Operation get(String id, String path, String summary) {
        return new Operation(
                id, HttpMethod.GET, path, summary, Access.ANYBODY, false, null, List.of(), Success.TEXT, Set.of());
    }

    /** A change. Answers 200 unless {@link #gives} says otherwise. */
    static Operation change(String id, HttpMethod method, String path, String summary) {
        return new Operation(id, method, path, summary, Access.ANYBODY, true, null, List.of(), Success.TEXT, Set.of());
    }

    Operation by(Access other) {
        return new Operation(id, method, path, summary, other, changes, body, query, success, errors);
    }

    Operation takes(Class<? extends Record> other) {
        return new Operation(id, method, path, summary, access, changes, other, query, success, errors);
    }

    Operation takesQuery(String name, String type, String description) {
        return takes(new Query(name, type, List.of(), description));
    }

    Operation takesQuery(String name, List<String> oneOf, String description) {
        return takes(new Query(name, "string", oneOf, description));
    }

    private Operation takes(Query parameter) {
        List<Query> more = new ArrayList<>(query);
        more.add(parameter);
        return new Operation(id, method, path, summary, access, changes, body, more, success, errors);
    }

    /** Answers in pages: {@code limit} and {@code after}. */
    Operation takesPage() {
        return takesQuery(ApiRequest.LIMIT, "integer", "How many items one answer has at most.")
                .takesQuery(ApiRequest.AFTER, "string", "The field next of the page before; missing = from the start.");
    }

    /** @param type record or JSON tree that is the body of the answer */
    Operation gives(HttpResponseStatus status, Class<?> type) {
        return new Operation(
                id, method, path, summary, access, changes, body, query, new Success(status, type), errors);
    }

    Operation refuses(ErrorCode... more) {
        Set<ErrorCode> all = EnumSet.noneOf(ErrorCode.class);
        all.addAll(errors);
        all.addAll(List.of(more));
        return new Operation(id, method, path, summary, access, changes, body, query, success, all);
    }

    /** Everything it may be refused with. */
    Set<ErrorCode> allErrors() {
        Set<ErrorCode> all = EnumSet.of(ErrorCode.MALFORMED, ErrorCode.RATE_LIMITED, ErrorCode.UNAVAILABLE);
        all.addAll(errors);
        if (!access.isOpen()) {
            all.add(ErrorCode.NOT_AUTHORIZED);
            all.add(ErrorCode.NOT_ALLOWED);
        }
        if (body != null) {
            all.add(ErrorCode.TOO_LARGE);
        }
        return all;
    }
}
