package io.hongyan.bench.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks the server over HTTP. Safe for many threads. */
public final class ApiClient {
    /** The file in the data directory with the key of development mode, which has every scope. */
    public static final String KEY_FILE = "http-key";

    private static final Duration ANSWER_MAX = Duration.ofSeconds(15);
    private static final int GOOD = 200;
    private static final int NOT_GOOD = 300;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final JsonMapper json = new JsonMapper();
    private final URI base;
    private final String key;

    /** @param key a business line's */
    public ApiClient(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    public static ApiClient withKeyFile(URI base, Path file) {
        try {
            return new ApiClient(base, Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("the server's key cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * @param path with the query after a question mark
     * @param body null for none
     * @param idempotencyKey null for none
     */
    public record Request(String method, String path, JsonNode body, String idempotencyKey, String authorization) {
        public static Request get(String path) {
            return new Request("GET", path, null, null, null);
        }

        public static Request post(String path, JsonNode body) {
            return new Request("POST", path, body, null, null);
        }

        public static Request delete(String path) {
            return new Request("DELETE", path, null, null, null);
        }

        public Request once(String key) {
            return new Request(method, path, body, key, authorization);
        }

        /** In the name of a user instead of a business line. */
        public Request as(String token) {
            return new Request(method, path, body, idempotencyKey, token);
        }
    }

    /** @param body a missing node where the answer is empty */
    public record Answer(int status, JsonNode body) {
        public boolean good() {
            return status >= GOOD && status < NOT_GOOD;
        }
    }

    /** @throws IOException no answer, or an invalid one: a repetition may help */
    public Answer ask(Request request) throws IOException {
        try {
            return answer(client.send(http(request), BodyHandlers.ofByteArray()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The same without waiting; fails as {@link #ask} throws. */
    public CompletableFuture<Answer> submit(Request request) {
        return client.sendAsync(http(request), BodyHandlers.ofByteArray()).thenApply(response -> {
            try {
                return answer(response);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * The sum of the server's metrics whose names end so.
     *
     * @throws UncheckedIOException they could not be read
     */
    public long metric(String name) {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(base.resolve("/metrics"))
                            .timeout(ANSWER_MAX)
                            .build(),
                    BodyHandlers.ofString());
            return response.body()
                    .lines()
                    .filter(line -> line.matches("\\w*" + name + "(\\{.*})? .*"))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private HttpRequest http(Request request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(request.path()))
                .timeout(ANSWER_MAX)
                .header("Authorization", "Bearer " + (request.authorization() == null ? key : request.authorization()));
        if (request.idempotencyKey() != null) {
            builder.header("Idempotency-Key", request.idempotencyKey());
        }
        if (request.body() == null) {
            return builder.method(request.method(), BodyPublishers.noBody()).build();
        }
        return builder.header("Content-Type", "application/json")
                .method(request.method(), BodyPublishers.ofByteArray(bytes(request.body())))
                .build();
    }

    private byte[] bytes(JsonNode body) {
        try {
            return json.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer answer(HttpResponse<byte[]> response) throws IOException {
        byte[] body = response.body();
        return new Answer(response.statusCode(), body.length == 0 ? MissingNode.getInstance() : json.readTree(body));
    }
}
