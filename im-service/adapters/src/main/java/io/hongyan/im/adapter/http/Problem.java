package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** An error answer in the form of RFC 9457, with the name of the {@link ErrorCode} as its {@code code}. */
final class Problem extends RuntimeException {
    static final String TYPE = "about:blank";
    static final String CONTENT_TYPE = "application/problem+json";

    private static final long serialVersionUID = 1;
    private static final String RETRY_SECONDS = "1";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<Refusal, ErrorCode> CODES = new EnumMap<>(Refusal.class);

    static {
        for (Refusal refusal : Refusal.values()) {
            CODES.put(refusal, ErrorCode.valueOf(refusal.name()));
        }
    }

    private final ErrorCode code;
    private final HttpResponseStatus status;
    /** Headers that go with it. */
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /** @param detail one sentence for whoever asked */
    Problem(ErrorCode code, String detail) {
        this(code, HttpResponseStatus.valueOf(code.httpStatus()), detail);
    }

    /** For what HTTP has a status of its own. */
    Problem(ErrorCode code, HttpResponseStatus status, String detail) {
        super(detail, null, false, false);
        this.code = code;
        this.status = status;
    }

    /** What the core refuses, in its own words. */
    static Problem of(Refusal refusal) {
        ErrorCode code = CODES.get(refusal);
        return new Problem(code, code.sentence());
    }

    static Problem malformed(String detail) {
        return new Problem(ErrorCode.MALFORMED, detail);
    }

    static Problem unavailable() {
        return new Problem(ErrorCode.UNAVAILABLE, ErrorCode.UNAVAILABLE.sentence());
    }

    ErrorCode code() {
        return code;
    }

    /** The same with a header. */
    Problem with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    HttpAnswer answer() {
        ObjectNode body = JSON.createObjectNode()
                .put("type", TYPE)
                .put("title", status.reasonPhrase())
                .put("status", status.code())
                .put("code", code.name())
                .put("detail", getMessage());
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (code == ErrorCode.UNAVAILABLE || code == ErrorCode.RATE_LIMITED) {
            all.put("Retry-After", RETRY_SECONDS);
        }
        if (code == ErrorCode.NOT_AUTHORIZED) {
            all.put("WWW-Authenticate", "Bearer");
        }
        try {
            return new HttpAnswer(status, CONTENT_TYPE, JSON.writeValueAsBytes(body), all);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
