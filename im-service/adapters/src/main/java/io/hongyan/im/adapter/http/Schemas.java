package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Set;

/** Bodies as JSON schemas, each under the name of its record. */
final class Schemas {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<Class<?>> WHOLE_NUMBERS = Set.of(int.class, Integer.class, long.class, Long.class);

    private final ObjectNode all = JSON.objectNode();

    ObjectNode all() {
        return all;
    }

    /** A reference to the schema of a record; any object for what is none. */
    ObjectNode use(Class<?> type) {
        if (!type.isRecord()) {
            return JSON.objectNode().put("type", "object");
        }
        String name = type.getSimpleName();
        if (!all.has(name)) {
            // In its place before its fields are looked at: a record may hold itself.
            ObjectNode schema = all.putObject(name);
            describe(type, schema);
        }
        return JSON.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    private void describe(Class<?> type, ObjectNode schema) {
        schema.put("type", "object").put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            Described described = component.getAnnotation(Described.class);
            if (described == null) {
                throw new IllegalStateException(component + " of " + type + " is not described");
            }
            String name = JsonBody.fieldName(component);
            properties.set(name, field(component.getGenericType()).put("description", described.value()));
            if (!described.optional()) {
                required.add(name);
            }
        }
    }

    private ObjectNode field(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == java.util.List.class) {
            ObjectNode schema = JSON.objectNode().put("type", "array");
            schema.set("items", field(list.getActualTypeArguments()[0]));
            return schema;
        }
        if (type instanceof Class<?> simple) {
            if (simple.isRecord()) {
                return use(simple);
            }
            if (WHOLE_NUMBERS.contains(simple)) {
                return JSON.objectNode().put("type", "integer").put("format", "int64");
            }
            if (simple == Boolean.class || simple == boolean.class) {
                return JSON.objectNode().put("type", "boolean");
            }
            if (simple == String.class) {
                return JSON.objectNode().put("type", "string");
            }
        }
        // Anything, as in a JSON tree.
        return JSON.objectNode();
    }
}
