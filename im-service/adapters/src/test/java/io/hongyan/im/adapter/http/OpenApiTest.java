package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.hongyan.im.adapter.feed.JsonFeedEncoding;
import io.hongyan.im.adapter.http.HttpServer.HttpSettings;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.FeedEvent;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
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
    private HttpOnPort server;
    private JsonNode description;

    /** Every subject of the API. */
    private static List<Routes> subjects() {
        BlockingWork work = new BlockingWork(Runnable::run);
        return List.of(
                new UserRoutes(() -> null),
                new ThrowOutRoutes(() -> null, () -> null),
                new GroupRoutes(
                        () -> null,
                        () -> null,
                        () -> null,
                        new GroupFields(GroupLimits.DEFAULT, InstantSource.system())),
                new PushRoutes(() -> null),
                new FeedRoutes(() -> null, () -> null, new JsonFeedEncoding(), 0),
                new DataRoutes(() -> null),
                new GatesRoutes(List::of),
                new ConnectionRoutes(() -> null, work),
                new NodeRoutes(null),
                new DevelopmentRoutes((uid, device, platform, ttl) -> uid, work));
    }

    /** In generated clients these are the names of methods: they stay as they are. */
    private static final String OPERATIONS = """
            addGroupMembers POST /v1/groups/{group}/members
            beginDataEpoch POST /v1/data/epoch
            createGroup POST /v1/groups
            createUser POST /v1/users
            deleteUser DELETE /v1/users/{uid}
            disableUser POST /v1/users/{uid}/disable
            dissolveGroup DELETE /v1/groups/{group}
            drainNode POST /v1/node/drain
            enableUser POST /v1/users/{uid}/enable
            getData GET /v1/data
            getGroup GET /v1/groups/{group}
            getNode GET /v1/node
            getNodeLimits GET /v1/node/limits
            getOpenApi GET /v1/openapi.json
            getPush GET /v1/push/{push_id}
            getUser GET /v1/users/{uid}
            issueDevelopmentToken POST /v1/dev/token
            joinGroup POST /v1/groups/{group}/join
            kickUser POST /v1/users/{uid}/kick
            leaveGroup POST /v1/groups/{group}/leave
            listConnections GET /v1/connections
            listDevicesOfUser GET /v1/users/{uid}/devices
            listGates GET /v1/gates
            listGroupMembers GET /v1/groups/{group}/members
            listGroupsOfUser GET /v1/users/{uid}/groups
            muteGroup PUT /v1/groups/{group}/mute
            muteGroupMember PUT /v1/groups/{group}/members/{uid}/mute
            readFeed GET /v1/feed
            removeGroupMember DELETE /v1/groups/{group}/members/{uid}
            setGroupMemberRole PUT /v1/groups/{group}/members/{uid}/role
            setGroupOwner PUT /v1/groups/{group}/owner
            setNodeLimits PUT /v1/node/limits
            submitPush POST /v1/push
            undrainNode DELETE /v1/node/drain
            updateGroup PATCH /v1/groups/{group}
            """;

    /** Fields that are one of a few texts wherever they are. */
    private static final Set<String> CHOICES = Set.of("role", "state", "mode", "platform");

    @BeforeEach
    void start() throws Exception {
        server = new HttpOnPort(new HttpServer(
                new HttpSettings(4, 30_000, 8, 0, 0, 4_096, 5_000, 2_000, 500, 64L << 20),
                List::of,
                metrics,
                new Authentication(new BusinessKeys(), () -> null, () -> null),
                new SecureRandom(),
                subjects()));
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
        assertThat(described).isEqualTo(new TreeSet<>(server.registered())).hasSizeGreaterThan(30);
    }

    @Test
    void idsOfOperationsStayAsTheyAre() {
        assertThat(operations().stream()
                        .map(operation -> operation.node.get("operationId").asText() + ' ' + operation.name)
                        .sorted())
                .containsExactlyElementsOf(OPERATIONS.lines().toList());
    }

    @Test
    void licenceServersAndTagsAreThere() {
        assertThat(description.at("/info/license/identifier").asText()).isEqualTo("Apache-2.0");
        assertThat(description.at("/servers/0/url").asText()).isEqualTo("/");
        Set<String> tags = new TreeSet<>();
        description.get("tags").forEach(tag -> {
            assertThat(tag.get("description").asText()).endsWith(".");
            tags.add(tag.get("name").asText());
        });
        Set<String> used = new TreeSet<>();
        operations().forEach(operation -> operation.node.get("tags").forEach(tag -> used.add(tag.asText())));
        assertThat(used).isEqualTo(tags);
    }

    @Test
    void everyFieldAndParameterIsDescribed() {
        int[] fields = {0};
        properties(description.at("/components/schemas"), (name, schema) -> {
            fields[0]++;
            assertThat(schema.path("description").asText()).as(name).endsWith(".");
        });
        assertThat(fields[0]).isGreaterThan(150);
        operations()
                .forEach(operation -> operation
                        .node
                        .get("parameters")
                        .forEach(parameter -> assertThat(
                                        parameter.path("description").asText())
                                .as(operation.name)
                                .endsWith(".")));
    }

    @Test
    void textsOfWhichThereAreFewAreNamed() {
        int[] choices = {0};
        properties(description.at("/components/schemas"), (name, schema) -> {
            if (CHOICES.contains(name) && !schema.has("$ref")) {
                choices[0]++;
                // Of a session of the feed the platform may be one that a later configuration does not have.
                assertThat(schema.has("enum") || name.equals("platform"))
                        .as(name)
                        .isTrue();
            }
        });
        assertThat(choices[0]).isGreaterThanOrEqualTo(8);
        for (Described operation : operations()) {
            operation.node.get("parameters").forEach(parameter -> {
                if (CHOICES.contains(parameter.get("name").asText())) {
                    assertThat(parameter.at("/schema/enum").size()).isGreaterThan(1);
                }
            });
        }
    }

    @Test
    void everyErrorHasTheOneSchemaWithAllCodes() {
        for (Described operation : operations()) {
            operation.node.get("responses").properties().forEach(answer -> {
                if (!answer.getKey().startsWith("2")) {
                    assertThat(answer.getValue()
                                    .at("/content/application~1problem+json/schema/$ref")
                                    .asText())
                            .as(operation.name)
                            .isEqualTo("#/components/schemas/Error");
                }
            });
            assertThat(operation.node.at("/responses/default").isMissingNode()).isFalse();
        }
        assertThat(description
                        .at("/components/schemas/Error/properties/code/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/Code");
        assertThat(texts(description.at("/components/schemas/Code/enum")))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(ErrorCode.values()).map(Enum::name).toList());
    }

    @Test
    void contentAndEventsAreToldApartByTheirField() {
        assertThat(alternatives("FeedEvent"))
                .containsExactlyElementsOf(
                        fieldsOf(FeedEvent.getDescriptor().getOneofs().get(0)));
        assertThat(alternatives("Content"))
                .startsWith(fieldsOf(Content.getDescriptor().getOneofs().get(0)).toArray(String[]::new))
                .endsWith("encoded");
        assertThat(alternatives("NewContent"))
                .contains("text", "image")
                .doesNotContain("groupChange", "change", "encoded");
        assertThat(description
                        .at("/components/schemas/NewContent/oneOf/0/properties/mentions/items/type")
                        .asText())
                .isEqualTo("string");
        assertThat(description
                        .at("/components/schemas/SubmitPush/properties/content/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/NewContent");
        assertThat(description
                        .at("/components/schemas/FeedEvents/properties/events/items/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/FeedEvent");
    }

    private List<String> alternatives(String schema) {
        List<String> names = new ArrayList<>();
        description
                .at("/components/schemas/" + schema + "/oneOf")
                .forEach(each -> names.add(each.path("required").path(0).asText()));
        return names;
    }

    private static List<String> fieldsOf(OneofDescriptor oneof) {
        return oneof.getFields().stream().map(FieldDescriptor::getJsonName).toList();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** Every property of every schema, however deep. */
    private static void properties(JsonNode node, BiConsumer<String, JsonNode> visitor) {
        if (node.path("properties").isObject()) {
            node.get("properties").properties().forEach(each -> visitor.accept(each.getKey(), each.getValue()));
        }
        node.forEach(inner -> properties(inner, visitor));
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
