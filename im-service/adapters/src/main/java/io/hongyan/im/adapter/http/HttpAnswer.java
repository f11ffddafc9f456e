package io.hongyan.im.adapter.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is written to whoever asked.
 *
 * @param contentType null where there is no content
 * @param headers besides those of content and connection
 */
record HttpAnswer(HttpResponseStatus status, String contentType, byte[] body, Map<String, String> headers) {
    HttpAnswer {
        headers = Map.copyOf(headers);
    }

    static HttpAnswer of(HttpResponseStatus status, String contentType, byte[] body) {
        return new HttpAnswer(status, contentType, body, Map.of());
    }

    static HttpAnswer json(HttpResponseStatus status, Object body) {
        return of(status, "application/json", JsonBody.write(body));
    }

    static HttpAnswer text(HttpResponseStatus status, String contentType, String text) {
        return of(status, contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    static HttpAnswer empty(HttpResponseStatus status) {
        return of(status, null, new byte[0]);
    }

    HttpAnswer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpAnswer(status, contentType, body, more);
    }
}
