package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

/** An error answer in the form of RFC 9457. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpStatus status;

    /** @param detail one sentence for whoever asked */
    Problem(HttpStatus status, String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    void answer(Context context) {
        ObjectNode body = JSON.createObjectNode()
                .put("type", "about:blank")
                .put("title", status.getMessage())
                .put("status", status.getCode())
                .put("detail", getMessage());
        try {
            context.status(status).contentType("application/problem+json").result(JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
