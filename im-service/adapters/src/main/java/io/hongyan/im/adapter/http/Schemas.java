package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Internal;
import com.google.protobuf.Message;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Set;

/** Bodies as JSON schemas, each under the name of its record. */
final class Schemas {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<Class<?>> SHORT_NUMBERS = Set.of(int.class, Integer.class);
    private static final Set<Class<?>> LONG_NUMBERS = Set.of(long.class, Long.class);

    private final SchemaTable table = new SchemaTable();
    private final ContractSchemas contract = new ContractSchemas(table);

    ObjectNode all() {
        return table.all();
    }

    /** A reference to the schema of a record that comes with a request: nothing else may be in it. */
    ObjectNode useInRequest(Class<?> type) {
        return use(type, true);
    }

    /** A reference to the schema of a record, to which later versions may add fields; any object for what is none. */
    ObjectNode use(Class<?> type) {
        return type.isRecord()
                ? use(type, false)
                : JSON.objectNode().put("type", "object").put("additionalProperties", true);
    }

    /** A reference to the schema of a record under another name. */
    ObjectNode useAs(String name, Class<? extends Record> type) {
        return use(name, type, false);
    }

    private ObjectNode use(Class<?> type, boolean whole) {
        return use(type.getSimpleName(), type, whole);
    }

    private ObjectNode use(String name, Class<?> type, boolean whole) {
        ObjectNode schema = table.add(name, type);
        if (schema != null) {
            describe(type, whole, schema);
        }
        return SchemaTable.reference(name);
    }

    private void describe(Class<?> type, boolean whole, ObjectNode schema) {
        schema.put("type", "object");
        if (whole) {
            schema.put("additionalProperties", false);
        }
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            Described described = component.getAnnotation(Described.class);
            if (described == null) {
                throw new IllegalStateException(component + " of " + type + " is not described");
            }
            String name = JsonBody.fieldName(component);
            ObjectNode field = field(component.getGenericType(), described, whole);
            properties.set(name, field.put("description", described.value()));
            if (!described.optional()) {
                required.add(name);
            }
        }
    }

    private ObjectNode field(Type type, Described described, boolean whole) {
        if (type instanceof ParameterizedType list && list.getRawType() == java.util.List.class) {
            ObjectNode schema = JSON.objectNode().put("type", "array");
            schema.set("items", field(list.getActualTypeArguments()[0], described, whole));
            return schema;
        }
        if (described.holds() != Message.class) {
            return contract.use(Internal.getDefaultInstance(described.holds()).getDescriptorForType());
        }
        Class<?> simple = (Class<?>) type;
        if (simple.isRecord()) {
            return use(simple, whole);
        }
        if (simple == Content.class) {
            return contract.useNewContent();
        }
        if (simple == Code.class) {
            return contract.use(Code.getDescriptor());
        }
        if (SHORT_NUMBERS.contains(simple)) {
            return JSON.objectNode().put("type", "integer").put("format", "int32");
        }
        if (LONG_NUMBERS.contains(simple)) {
            return longNumber(whole);
        }
        if (simple == Boolean.class || simple == boolean.class) {
            return JSON.objectNode().put("type", "boolean");
        }
        if (simple == String.class) {
            return text(described.oneOf());
        }
        throw new IllegalStateException("there is no schema for " + type);
    }

    /** Written as a text, and read as a number too. */
    private static ObjectNode longNumber(boolean inRequest) {
        ObjectNode schema = JSON.objectNode();
        if (inRequest) {
            schema.putArray("type").add("string").add("integer");
        } else {
            schema.put("type", "string");
        }
        return schema.put("format", "int64").put("pattern", "^-?[0-9]{1,19}$");
    }

    private static ObjectNode text(String... oneOf) {
        ObjectNode schema = JSON.objectNode().put("type", "string");
        if (oneOf.length > 0) {
            ArrayNode values = schema.putArray("enum");
            for (String value : oneOf) {
                values.add(value);
            }
        }
        return schema;
    }
}
