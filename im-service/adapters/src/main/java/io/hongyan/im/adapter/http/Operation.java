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
 * @param path with parameters in braces
 * @param summary one sentence
 * @param changes whether it changes something, and so takes the header {@code Idempotency-Key}
 * @param body record of the request's body, null = none
 * @param query parameters after the question mark
 * @param answer record or JSON tree that is the body of the answer, null = text
 * @param errors what it may be refused with, besides what every operation may
 */
record Operation(
        HttpMethod method,
        String path,
        String summary,
        Access access,
        boolean changes,
        Class<?> body,
        List<Query> query,
        HttpResponseStatus status,
        Class<?> answer,
        Set<ErrorCode> errors) {

    /** @param type of JSON schema */
    record Query(String name, String type, String description) {}

    Operation {
        query = List.copyOf(query);
        errors = Set.copyOf(errors);
    }

    static Operation get(String path, String summary) {
        return new Operation(
                HttpMethod.GET,
                path,
                summary,
                Access.ANYBODY,
                false,
                null,
                List.of(),
                HttpResponseStatus.OK,
                null,
                Set.of());
    }

    /** A change. Answers 200 unless {@link #gives} says otherwise. */
    static Operation change(HttpMethod method, String path, String summary) {
        return new Operation(
                method, path, summary, Access.ANYBODY, true, null, List.of(), HttpResponseStatus.OK, null, Set.of());
    }

    Operation by(Access other) {
        return new Operation(method, path, summary, other, changes, body, query, status, answer, errors);
    }

    Operation takes(Class<? extends Record> other) {
        return new Operation(method, path, summary, access, changes, other, query, status, answer, errors);
    }

    Operation takesQuery(String name, String type, String description) {
        List<Query> more = new ArrayList<>(query);
        more.add(new Query(name, type, description));
        return new Operation(method, path, summary, access, changes, body, more, status, answer, errors);
    }

    /** Answers in pages: {@code limit} and {@code after}. */
    Operation takesPage() {
        return takesQuery(ApiRequest.LIMIT, "integer", "Items of one answer at most.")
                .takesQuery(ApiRequest.AFTER, "string", "The field next of the page before; none = from the start.");
    }

    Operation gives(HttpResponseStatus other, Class<?> type) {
        return new Operation(method, path, summary, access, changes, body, query, other, type, errors);
    }

    Operation refuses(ErrorCode... more) {
        Set<ErrorCode> all = EnumSet.noneOf(ErrorCode.class);
        all.addAll(errors);
        all.addAll(List.of(more));
        return new Operation(method, path, summary, access, changes, body, query, status, answer, all);
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
