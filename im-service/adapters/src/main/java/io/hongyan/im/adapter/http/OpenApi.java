package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hongyan.im.adapter.http.Operation.Query;
import io.hongyan.protocol.ClientId;
import io.hongyan.protocol.ErrorCode;
import java.util.ArrayList;
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
    private static final String BUSINESS_KEY = "businessKey";
    private static final String USER_TOKEN = "userToken";

    private final Schemas schemas = new Schemas();

    private OpenApi() {}

    static ObjectNode describe(List<Operation> operations) {
        return new OpenApi().describeAll(operations);
    }

    private ObjectNode describeAll(List<Operation> operations) {
        ObjectNode root = JSON.objectNode().put("openapi", "3.1.0");
        root.putObject("info")
                .put("title", "Hongyan")
                .put("version", "1")
                .put(
                        "description",
                        "Groups, users and business lines. docs/http.md explains keys, retries and paging.");
        ObjectNode paths = root.putObject("paths");
        for (Operation operation : operations) {
            ObjectNode path = paths.withObjectProperty(operation.path());
            path.set(operation.method().name().toLowerCase(Locale.ROOT), describe(operation));
        }
        ObjectNode components = root.putObject("components");
        addSecurity(components.putObject("securitySchemes"));
        schemas.use(ProblemBody.class);
        components.set("schemas", schemas.all());
        return root;
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
                .put("description", "The token of an MQTT login; acts as this user.");
    }

    private ObjectNode describe(Operation operation) {
        ObjectNode described = JSON.objectNode().put("summary", operation.summary());
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
            body.putObject("content").putObject("application/json").set("schema", schemas.use(operation.body()));
        }
        addAnswers(operation, described.putObject("responses"));
        return described;
    }

    private static void addParameters(Operation operation, ArrayNode parameters) {
        Matcher names = PATH_PARAMETER.matcher(operation.path());
        while (names.find()) {
            ObjectNode parameter = parameters
                    .addObject()
                    .put("name", names.group(1))
                    .put("in", "path")
                    .put("required", true);
            parameter
                    .putObject("schema")
                    .put("type", "string")
                    .put("pattern", "^[A-Za-z0-9_.@-]{1," + ClientId.NAME_MAX + "}$");
        }
        for (Query query : operation.query()) {
            ObjectNode parameter = parameters
                    .addObject()
                    .put("name", query.name())
                    .put("in", "query")
                    .put("description", query.description());
            parameter.putObject("schema").put("type", query.type());
        }
        if (operation.changes() && !operation.access().isOpen()) {
            ObjectNode parameter = parameters
                    .addObject()
                    .put("name", Api.IDEMPOTENCY_KEY)
                    .put("in", "header")
                    .put("description", "Names this request: sent again with the same one, it gives the first answer.");
            parameter.putObject("schema").put("type", "string").put("pattern", "^[!-~]{1,64}$");
        }
    }

    private void addAnswers(Operation operation, ObjectNode responses) {
        ObjectNode good =
                responses.putObject(Integer.toString(operation.status().code()));
        good.put("description", operation.status().reasonPhrase());
        if (operation.answer() == null) {
            good.putObject("content")
                    .putObject("text/plain")
                    .putObject("schema")
                    .put("type", "string");
        } else {
            good.putObject("content").putObject("application/json").set("schema", schemas.use(operation.answer()));
        }
        Map<Integer, List<ErrorCode>> byStatus = new TreeMap<>();
        for (ErrorCode error : ErrorCode.values()) {
            if (operation.allErrors().contains(error)) {
                byStatus.computeIfAbsent(error.httpStatus(), status -> new ArrayList<>())
                        .add(error);
            }
        }
        byStatus.forEach((status, errors) -> addProblem(responses.putObject(Integer.toString(status)), errors));
    }

    private void addProblem(ObjectNode response, List<ErrorCode> errors) {
        List<String> sentences =
                errors.stream().map(error -> error + ": " + error.sentence()).toList();
        response.put("description", String.join(" ", sentences));
        ArrayNode codes = response.putArray("x-codes");
        errors.forEach(error -> codes.add(error.name()));
        response.putObject("content").putObject(Problem.CONTENT_TYPE).set("schema", schemas.use(ProblemBody.class));
    }

    /** The body of a {@link Problem}, for its schema. */
    record ProblemBody(
            @Described("Always about:blank.") String type,
            @Described("The status in words.") String title,
            @Described("The HTTP status.") int status,

            @Described("The name of the error; these do not change.")
            String code,

            @Described("One sentence on what is wrong.") String detail) {}
}
