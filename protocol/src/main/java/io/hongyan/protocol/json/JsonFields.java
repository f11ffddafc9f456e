package io.hongyan.protocol.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The fields of a message by their names in JSON; each has up to two. */
final class JsonFields {
    /** As many as the contract has messages. */
    private static final Map<Descriptor, JsonFields> KNOWN = new ConcurrentHashMap<>();

    /** The types that the contract uses; a message with another type, or with a map, cannot be read. */
    private static final Set<FieldDescriptor.Type> TYPES = Set.of(
            FieldDescriptor.Type.STRING,
            FieldDescriptor.Type.BYTES,
            FieldDescriptor.Type.BOOL,
            FieldDescriptor.Type.INT32,
            FieldDescriptor.Type.INT64,
            FieldDescriptor.Type.ENUM,
            FieldDescriptor.Type.MESSAGE);

    private final Map<String, FieldDescriptor> byName = new HashMap<>();
    private final String all;

    private JsonFields(Descriptor message) {
        List<FieldDescriptor> fields = message.getFields();
        if (fields.size() > Long.SIZE) {
            throw new IllegalArgumentException(message.getFullName() + " has too many fields");
        }
        for (FieldDescriptor field : fields) {
            if (!TYPES.contains(field.getType()) || field.isMapField()) {
                throw new IllegalArgumentException(field.getFullName() + " is of a type that is not read here");
            }
            byName.put(field.getJsonName(), field);
            byName.put(field.getName(), field);
        }
        all = fields.isEmpty()
                ? "none"
                : fields.stream().map(FieldDescriptor::getJsonName).collect(Collectors.joining(", "));
    }

    static JsonFields of(Descriptor message) {
        JsonFields known = KNOWN.get(message);
        return known != null ? known : KNOWN.computeIfAbsent(message, JsonFields::new);
    }

    /** Null if there is none. */
    FieldDescriptor named(String name) {
        return byName.get(name);
    }

    /** As a text. */
    String all() {
        return all;
    }
}
