package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hongyan.im.adapter.http.Operation.Query;
import io.hongyan.protocol.ClientId;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.Code;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes what is known of the operations as an OpenAPI 3.1 description. */
final class OpenApi {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([a-z_]+)}");
    private static final String NAME = "^[A-Za-z0-9_.@-]{1," + ClientId.NAME_MAX + "}$";
    private static final String PRINTABLE = "^[!-~]{1,64}$";
    private static final String BUSINESS_KEY = "businessKey";
    private static final String USER_TOKEN = "userToken";

    /** By the segment of the path behind the version. */
    private static final Map<String, Tag> TAGS = Map.ofEntries(
            Map.entry("conversations", new Tag("messages", "Changes of messages by business lines.")),
            Map.entry("groups", new Tag("groups", "Groups and their members.")),
            Map.entry("users", new Tag("users", "Users, their devices and groups, and ending their sessions.")),
            Map.entry("push", new Tag("push", "Pushes of business lines to users.")),
            Map.entry("feed", new Tag("feed", "The feed of events, for business lines.")),
            Map.entry("gates", new Tag("gates", "The gates to which clients can connect.")),
            Map.entry(
                    "connections", new Tag("node", "The clients connected to the server that answers, for operators.")),
            Map.entry("node", new Tag("node", "The state of the server that answers, for operators.")),
            Map.entry("data", new Tag("data", "Which history the data has, for operators.")),
            Map.entry("dev", new Tag("development", "Only on a server in development mode.")),
            Map.entry("openapi.json", new Tag("description", "This description.")));

    private static final Map<String, PathParameter> PATH_PARAMETERS = Map.of(
            "conversation",
            new PathParameter(
                    MessageRoutes.CONVERSATION,
                    "The conversation: direct:UID|UID or group:ID, as the key of an event of the feed."),
            "seq",
            new PathParameter(MessageRoutes.SEQ, "The number of the message in the conversation."),
            "group",
            new PathParameter(NAME, "The id of the group."),
            "uid",
            new PathParameter(NAME, "The user."),
            "push_id",
            new PathParameter(PRINTABLE, "The id of the push."));

    private final Schemas schemas = new Schemas();

    private record Tag(String name, String description) {}

    private record PathParameter(String pattern, String description) {}

    private OpenApi() {}

    static ObjectNode describe(List<Operation> operations) {
        return new OpenApi().describeAll(operations);
    }

    private ObjectNode describeAll(List<Operation> operations) {
        ObjectNode root = JSON.objectNode().put("openapi", "3.1.0");
        ObjectNode info = root.putObject("info")
                .put("title", "Hongyan")
                .put("version", "1")
                .put(
                        "description",
                        "Groups, users and business lines. docs/http.md explains keys, retries and paging.");
        info.putObject("license").put("name", "Apache License 2.0").put("identifier", "Apache-2.0");
        root.putArray("servers").addObject().put("url", "/").put("description", "The server this description is of.");
        addTags(operations, root.putArray("tags"));
        // First, so that a record of both stands there as one of requests.
        operations.stream()
                .filter(operation -> operation.body() != null)
                .forEach(operation -> schemas.useInRequest(operation.body()));
        ObjectNode paths = root.putObject("paths");
        for (Operation operation : operations) {
            ObjectNode path = paths.withObjectProperty(operation.path());
            path.set(operation.method().name().toLowerCase(Locale.ROOT), describe(operation));
        }
        ObjectNode components = root.putObject("components");
        addSecurity(components.putObject("securitySchemes"));
        components.set("schemas", schemas.all());
        return root;
    }

    private static void addTags(List<Operation> operations, ArrayNode tags) {
        operations.stream()
                .map(OpenApi::tag)
                .distinct()
                .sorted(Comparator.comparing(Tag::name))
                .forEach(tag -> tags.addObject().put("name", tag.name()).put("description", tag.description()));
    }

    private static Tag tag(Operation operation) {
        String subject = operation.path().split("/")[2];
        Tag tag = TAGS.get(subject);
        if (tag == null) {
            throw new IllegalStateException("there is no tag for " + operation.path());
        }
        return tag;
    }

    private static void addSecurity(ObjectNode schemes) {
        schemes.putObject(BUSINESS_KEY)
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "A key of the configuration, with scopes.");
        schemes.putObject(USER_TOKEN)
                .put("type", "http")
                .put("scheme", "bearer")
                .put("bearerFormat", "JWT")
                .put("description", "The token of an MQTT login; the request acts as this user.");
    }

    private ObjectNode describe(Operation operation) {
        ObjectNode described =
                JSON.objectNode().put("operationId", operation.id()).put("summary", operation.summary());
        described.putArray("tags").add(tag(operation).name());
        Access access = operation.access();
        ArrayNode security = described.putArray("security");
        if (access.scope() != null) {
            security.addObject().putArray(BUSINESS_KEY).add(access.scope().toString());
        }
        if (access.users()) {
            security.addObject().putArray(USER_TOKEN);
        }
        ArrayNode parameters = described.putArray("parameters");
        addParameters(operation, parameters);
        if (operation.body() != null) {
            ObjectNode body = described.putObject("requestBody").put("required", true);
            body.putObject("content")
                    .putObject("application/json")
                    .set("schema", schemas.useInRequest(operation.body()));
        }
        addAnswers(operation, described.putObject("responses"));
        return described;
    }

    private static void addParameters(Operation operation, ArrayNode parameters) {
        Matcher names = PATH_PARAMETER.matcher(operation.path());
        while (names.find()) {
            String name = names.group(1);
            PathParameter known = PATH_PARAMETERS.get(name);
            if (known == null) {
                throw new IllegalStateException(name + " of " + operation.path() + " is not described");
            }
            ObjectNode parameter = parameters
                    .addObject()
                    .put("name", name)
                    .put("in", "path")
                    .put("required", true)
                    .put("description", known.description());
            parameter.putObject("schema").put("type", "string").put("pattern", known.pattern());
        }
        for (Query query : operation.query()) {
            ObjectNode parameter = parameters
                    .addObject()
                    .put("name", query.name())
                    .put("in", "query")
                    .put("description", query.description());
            ObjectNode schema = parameter.putObject("schema").put("type", query.type());
            if (!query.oneOf().isEmpty()) {
                ArrayNode values = schema.putArray("enum");
                query.oneOf().forEach(values::add);
            }
        }
        if (operation.changes() && !operation.access().isOpen()) {
            ObjectNode parameter = parameters
                    .addObject()
                    .put("name", Api.IDEMPOTENCY_KEY)
                    .put("in", "header")
                    .put(
                            "description",
                            "Identifies this request: a second request with the same key gets the first" + " answer.");
            parameter.putObject("schema").put("type", "string").put("pattern", PRINTABLE);
        }
    }

    private void addAnswers(Operation operation, ObjectNode responses) {
        HttpResponseStatus status = operation.success().status();
        ObjectNode good = responses.putObject(Integer.toString(status.code()));
        good.put("description", status.reasonPhrase());
        Class<?> answer = operation.success().body();
        if (answer == null) {
            good.putObject("content")
                    .putObject("text/plain")
                    .putObject("schema")
                    .put("type", "string");
        } else {
            good.putObject("content").putObject("application/json").set("schema", schemas.use(answer));
        }
        Map<Integer, List<ErrorCode>> byStatus = new TreeMap<>();
        for (ErrorCode error : ErrorCode.values()) {
            if (operation.allErrors().contains(error)) {
                byStatus.computeIfAbsent(error.httpStatus(), any -> new ArrayList<>())
                        .add(error);
            }
        }
        byStatus.forEach((each, errors) -> addProblem(responses.putObject(Integer.toString(each)), errors));
        addError(responses
                .putObject("default")
                .put("description", "Errors that HTTP has a status for, such as 405, 408, 415 and 431."));
    }

    private void addProblem(ObjectNode response, List<ErrorCode> errors) {
        List<String> sentences =
                errors.stream().map(error -> error + ": " + error.sentence()).toList();
        response.put("description", String.join(" ", sentences));
        ArrayNode codes = response.putArray("x-codes");
        errors.forEach(error -> codes.add(error.name()));
        addError(response);
    }

    private void addError(ObjectNode response) {
        response.putObject("content")
                .putObject(Problem.CONTENT_TYPE)
                .set("schema", schemas.useAs("Error", ProblemBody.class));
    }

    /** The body of a {@link Problem}, for its schema. */
    private record ProblemBody(
            @Described(value = "Always about:blank.", oneOf = Problem.TYPE)
            String type,

            @Described("The name of the status.") String title,
            @Described("The HTTP status.") int status,

            @Described("The reason; decide by this, names do not change.")
            Code code,

            @Described("One sentence for people that says what is wrong; it may change.")
            String detail) {}
}
