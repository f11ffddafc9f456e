package io.hongyan.im.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Checks JSON against the OpenAPI description; fields that it does not name are faults, though clients ignore them. */
public final class SchemaCheck {
    private static final Set<String> KNOWN = Set.of(
            "$ref",
            "type",
            "title",
            "description",
            "format",
            "contentEncoding",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "enum",
            "pattern",
            "oneOf",
            "maxProperties");

    private final JsonNode description;

    public SchemaCheck(JsonNode description) {
        this.description = description;
    }

    /**
     * @throws AssertionError the operation is not described with such an answer; an answer without an operation may be
     *     anything
     */
    public void answer(String method, String path, int status, JsonNode body) {
        JsonNode operation = operation(method, path);
        if (operation == null) {
            return;
        }
        JsonNode answers = operation.path("responses");
        JsonNode answer = answers.has(Integer.toString(status))
                ? answers.path(Integer.toString(status))
                : answers.path("default");
        JsonNode json = answer.path("content").path(status < 400 ? "application/json" : "application/problem+json");
        if (json.isMissingNode()) {
            throw new AssertionError(
                    method + ' ' + path + " is not described as answering " + status + " with " + body);
        }
        require(body, json.path("schema"), method + ' ' + path + " -> " + status);
    }

    /** @throws AssertionError it does not match the schema */
    public void component(String name, JsonNode value) {
        require(value, description.at("/components/schemas/" + name), name);
    }

    private JsonNode operation(String method, String path) {
        String asked = path.replaceAll("\\?.*", "");
        JsonNode found = null;
        for (var template : description.path("paths").properties()) {
            boolean exact = template.getKey().equals(asked);
            if (exact || found == null && asked.matches(template.getKey().replaceAll("\\{[a-z_]+}", "[^/]+"))) {
                found = template.getValue().get(method.toLowerCase(Locale.ROOT));
            }
            if (exact) {
                break;
            }
        }
        return found;
    }

    private void require(JsonNode value, JsonNode schema, String where) {
        List<String> faults = new ArrayList<>();
        check(value, schema, where, faults);
        if (!faults.isEmpty()) {
            throw new AssertionError("not as described: " + faults + " in " + value);
        }
    }

    private void check(JsonNode value, JsonNode schema, String where, List<String> faults) {
        if (schema.has("$ref")) {
            check(value, description.at(schema.path("$ref").asText().substring(1)), where, faults);
            return;
        }
        schema.fieldNames().forEachRemaining(word -> {
            if (!KNOWN.contains(word)) {
                throw new AssertionError("this test does not know what " + word + " of " + where + " means");
            }
        });
        if (!isOfType(value, schema.path("type").asText("object"))) {
            faults.add(where + " is no " + schema.path("type").asText());
        } else if (value.isArray()) {
            for (JsonNode item : value) {
                check(item, schema.path("items"), where + "[]", faults);
            }
        } else if (value.isObject()) {
            checkObject(value, schema, where, faults);
        } else if (schema.has("enum") && !contains(schema.path("enum"), value)) {
            faults.add(where + " is none of " + schema.path("enum"));
        } else if (schema.has("pattern")
                && !Pattern.compile(schema.path("pattern").asText())
                        .matcher(value.asText())
                        .find()) {
            faults.add(where + " is not " + schema.path("pattern").asText());
        }
    }

    private void checkObject(JsonNode value, JsonNode schema, String where, List<String> faults) {
        Set<String> named = new TreeSet<>();
        checkProperties(value, schema, where, named, faults);
        if (schema.has("oneOf")) {
            List<JsonNode> fitting = new ArrayList<>();
            for (JsonNode alternative : schema.path("oneOf")) {
                if (fits(value, alternative)) {
                    fitting.add(alternative);
                }
            }
            if (fitting.size() == 1) {
                checkProperties(value, fitting.get(0), where, named, faults);
            } else {
                faults.add(where + " fits " + fitting.size() + " alternatives");
            }
        }
        if (!schema.path("additionalProperties").asBoolean(false)) {
            value.fieldNames().forEachRemaining(name -> {
                if (!named.contains(name)) {
                    faults.add(where + '.' + name + " is not described");
                }
            });
        }
    }

    /** By the names of its fields: those are what tells alternatives apart. */
    private static boolean fits(JsonNode value, JsonNode alternative) {
        for (JsonNode name : alternative.path("required")) {
            if (!value.has(name.asText())) {
                return false;
            }
        }
        for (JsonNode other : alternative.at("/not/anyOf")) {
            if (fits(value, other)) {
                return false;
            }
        }
        return value.size() <= alternative.path("maxProperties").asInt(Integer.MAX_VALUE);
    }

    private void checkProperties(
            JsonNode value, JsonNode schema, String where, Set<String> named, List<String> faults) {
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asText())) {
                faults.add(where + '.' + name.asText() + " is missing");
            }
        }
        for (var property : schema.path("properties").properties()) {
            named.add(property.getKey());
            if (value.has(property.getKey())) {
                check(value.path(property.getKey()), property.getValue(), where + '.' + property.getKey(), faults);
            }
        }
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (JsonNode each : values) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfType(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            default -> throw new AssertionError("this test does not know the type " + type);
        };
    }
}
