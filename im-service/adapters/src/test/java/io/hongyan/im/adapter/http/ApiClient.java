package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Calls the API with one bearer, and checks that every answer is one the description has. */
final class ApiClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpOnPort server;
    private final String bearer;

    /** An answer with its body as a tree. */
    record Answered(int status, JsonNode body, HttpResponse<String> response) {
        String code() {
            return body.path("code").asText();
        }

        String detail() {
            return body.path("detail").asText();
        }
    }

    /** @param bearer null = none */
    ApiClient(HttpOnPort server, String bearer) {
        this.server = server;
        this.bearer = bearer;
    }

    Answered get(String path) throws Exception {
        return call("GET", path, null);
    }

    Answered post(String path, String body, String... headers) throws Exception {
        return call("POST", path, body, headers);
    }

    Answered put(String path, String body, String... headers) throws Exception {
        return call("PUT", path, body, headers);
    }

    Answered call(String method, String path, String body, String... headers) throws Exception {
        return checked(method, path, client.send(request(method, path, body, headers), BodyHandlers.ofString()));
    }

    CompletableFuture<HttpResponse<String>> callAsync(String method, String path, String body) {
        return client.sendAsync(request(method, path, body), BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private Answered checked(String method, String path, HttpResponse<String> response) throws IOException {
        JsonNode body = JSON.readTree(response.body());
        boolean problem = response.statusCode() >= 400;
        String type = response.headers().firstValue("content-type").orElse("");
        if (!type.equals(problem ? "application/problem+json" : "application/json")) {
            throw new AssertionError(method + ' ' + path + " answered in " + type);
        }
        if (problem) {
            checkProblem(method, path, body);
        }
        return new Answered(response.statusCode(), body, response);
    }

    private void checkProblem(String method, String path, JsonNode body) {
        List<Operation> called = server.operations().stream()
                .filter(operation -> operation.method().name().equals(method)
                        && path.replaceAll("\\?.*", "").matches(operation.path().replaceAll("\\{[a-z_]+}", "[^/]+")))
                .toList();
        String code = body.get("code").asText();
        if (!called.isEmpty()
                && called.stream()
                        .flatMap(operation -> operation.allErrors().stream())
                        .noneMatch(error -> error.name().equals(code))) {
            throw new AssertionError(method + ' ' + path + " is not described as answering " + code + ": " + body);
        }
        if (!body.get("detail").asText().endsWith(".")) {
            throw new AssertionError("no sentence: " + body);
        }
    }
}
