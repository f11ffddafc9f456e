package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.im.adapter.http.HttpServer.HttpSettings;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.protocol.ErrorCode;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The description that is served says what the server does, of every subject there is. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final Metrics metrics = new Metrics();
    private HttpServer server;
    private JsonNode description;

    /** Every subject of the API. */
    private static List<Routes> subjects() {
        return List.of(
                new UserRoutes(() -> null),
                new GroupRoutes(
                        () -> null,
                        () -> null,
                        () -> null,
                        new GroupFields(GroupLimits.DEFAULT, InstantSource.system())),
                new DevelopmentRoutes((uid, device, platform, ttl) -> uid, new BlockingWork(Runnable::run)));
    }

    @BeforeEach
    void start() throws Exception {
        server = new HttpServer(
                new HttpSettings("127.0.0.1", 0, 4, 30_000, 8, 4_096, 5_000),
                List::of,
                metrics,
                new Authentication(new BusinessKeys(), () -> null, () -> null),
                new SecureRandom(),
                subjects());
        server.start();
        server.open();
        description = new ApiClient(server, null).get("/v1/openapi.json").body();
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> described = new TreeSet<>();
        operations().forEach(operation -> described.add(operation.name));
        assertThat(described).isEqualTo(new TreeSet<>(server.registered())).hasSizeGreaterThan(15);
    }

    @Test
    void everyOperationNamesItsAccessAndItsErrors() {
        for (Described operation : operations()) {
            JsonNode node = operation.node;
            assertThat(node.get("summary").asText()).as(operation.name).endsWith(".");
            boolean open = Set.of("GET /v1/openapi.json", "POST /v1/dev/token").contains(operation.name);
            assertThat(node.get("security").isEmpty()).as(operation.name).isEqualTo(open);
            Set<String> codes = new TreeSet<>();
            node.get("responses")
                    .properties()
                    .forEach(answer -> answer.getValue().path("x-codes").forEach(code -> {
                        assertThat(ErrorCode.valueOf(code.asText()).httpStatus())
                                .isEqualTo(Integer.parseInt(answer.getKey()));
                        codes.add(code.asText());
                    }));
            assertThat(codes).as(operation.name).contains("MALFORMED", "UNAVAILABLE", "RATE_LIMITED");
            if (!open) {
                assertThat(codes).as(operation.name).contains("NOT_AUTHORIZED", "NOT_ALLOWED");
            }
        }
    }

    @Test
    void everyReferenceLeadsToASchemaAndEverySchemaIsUsed() {
        Set<String> references = new TreeSet<>();
        description.findValuesAsText("$ref").forEach(references::add);
        Set<String> schemas = new TreeSet<>();
        description
                .at("/components/schemas")
                .fieldNames()
                .forEachRemaining(name -> schemas.add("#/components/schemas/" + name));
        assertThat(references).isEqualTo(schemas);
    }

    @Test
    void parametersOfThePathAreDescribed() {
        for (Described operation : operations()) {
            List<String> named = new ArrayList<>();
            operation.node.get("parameters").forEach(parameter -> {
                if (parameter.get("in").asText().equals("path")) {
                    named.add('{' + parameter.get("name").asText() + '}');
                }
            });
            assertThat(named)
                    .as(operation.name)
                    .containsExactlyElementsOf(Stream.of(operation.name.split("/"))
                            .filter(part -> part.startsWith("{"))
                            .toList());
        }
    }

    private record Described(String name, JsonNode node) {}

    private List<Described> operations() {
        List<Described> all = new ArrayList<>();
        description
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    assertThat(METHODS).contains(method.getKey());
                    all.add(new Described(
                            method.getKey().toUpperCase(Locale.ROOT) + ' ' + path.getKey(), method.getValue()));
                }));
        return all;
    }
}
