package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** The schemas of a description, each under its own name. */
final class SchemaTable {
    private final ObjectNode all = JsonNodeFactory.instance.objectNode();
    private final Map<String, Object> described = new HashMap<>();

    ObjectNode all() {
        return all;
    }

    /**
     * An empty schema, which is in its place before it is filled: what it describes may hold itself.
     *
     * @param of what it describes
     * @return null where it is there already
     */
    ObjectNode add(String name, Object of) {
        Object before = described.putIfAbsent(name, of);
        if (before == null) {
            return all.putObject(name);
        }
        if (!before.equals(of)) {
            throw new IllegalStateException(before + " and " + of + " have one name");
        }
        return null;
    }

    static ObjectNode reference(String name) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + name);
    }
}
