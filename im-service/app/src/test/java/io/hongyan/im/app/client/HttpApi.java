package io.hongyan.im.app.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.app.RunningServer;
import java.net.http.HttpResponse;

/** A caller of the API: a business line or a user. Every answer must match the server's description. */
public final class HttpApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningServer server;
    private final String bearer;
    private final SchemaCheck described;

    /** What came back. */
    public record Answered(int status, JsonNode body) {
        public String code() {
            return body.path("code").asText();
        }

        public String detail() {
            return body.path("detail").asText();
        }

        public long seq() {
            if (status >= 400) {
                throw new AssertionError("refused: " + body);
            }
            return body.path("seq").asLong();
        }
    }

    private HttpApi(RunningServer server, String bearer) {
        this.server = server;
        this.bearer = bearer;
        this.described = new SchemaCheck(json(server.http("GET", "/v1/openapi.json")));
    }

    /** With the key for everything. */
    public static HttpApi business(RunningServer server) {
        return new HttpApi(server, server.httpKey());
    }

    /** With a user's token. */
    public static HttpApi user(RunningServer server, String uid) {
        return new HttpApi(server, server.token(uid));
    }

    public Answered get(String path) {
        return call("GET", path, null);
    }

    public Answered post(String path, String body) {
        return call("POST", path, body);
    }

    public Answered put(String path, String body) {
        return call("PUT", path, body);
    }

    public Answered delete(String path) {
        return call("DELETE", path, null);
    }

    public Answered call(String method, String path, String body) {
        return answered(method, path, server.http(method, path, body, "Authorization", "Bearer " + bearer));
    }

    /** Identifies the request, so that it can be repeated. */
    public Answered call(String method, String path, String body, String idempotencyKey) {
        return answered(
                method,
                path,
                server.http(
                        method, path, body, "Authorization", "Bearer " + bearer, "Idempotency-Key", idempotencyKey));
    }

    private Answered answered(String method, String path, HttpResponse<String> response) {
        JsonNode body = json(response);
        described.answer(method, path, response.statusCode(), body);
        return new Answered(response.statusCode(), body);
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(response.body(), malformed);
        }
    }
}
