package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Bodies as records: names in snake case, nothing unknown, nothing of another type, nothing missing. Whoever sent a
 * body that does not fit is told which field it is.
 */
final class JsonBody {
    private static final JsonMapper MAPPER = mapper();

    private JsonBody() {}

    private static JsonMapper mapper() {
        JsonMapper.Builder builder = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        builder.withCoercionConfig(
                LogicalType.Textual,
                config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
        return builder.build();
    }

    static byte[] write(Object body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static <T extends Record> T read(byte[] body, Class<T> type) {
        T value;
        try {
            value = MAPPER.readValue(body, type);
        } catch (UnrecognizedPropertyException unknown) {
            throw Problem.malformed("There is no field " + path(unknown) + " here; fields are "
                    + knownFields(unknown.getKnownPropertyIds()) + '.');
        } catch (MismatchedInputException wrong) {
            throw Problem.malformed(where(wrong) + " takes " + words(wrong.getTargetType()) + '.');
        } catch (JsonMappingException wrong) {
            throw Problem.malformed(where(wrong) + " has a value that does not fit.");
        } catch (StreamReadException malformed) {
            throw Problem.malformed("The body is not JSON: " + position(malformed) + '.');
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        if (value == null) {
            throw Problem.malformed("The body takes a JSON object.");
        }
        requireFields(value, "");
        return value;
    }

    private static void requireFields(Record value, String prefix) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String name = prefix + fieldName(component);
            Object field = field(component, value);
            if (field == null && !isOptional(component)) {
                throw Problem.malformed("The field " + name + " is missing.");
            }
            if (field instanceof Record nested) {
                requireFields(nested, name + '.');
            } else if (field instanceof List<?> list) {
                requireElements(list, name);
            }
        }
    }

    private static void requireElements(List<?> list, String name) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == null) {
                throw Problem.malformed("The field " + name + '[' + i + "] is null.");
            }
            if (list.get(i) instanceof Record nested) {
                requireFields(nested, name + '[' + i + "].");
            }
        }
    }

    private static Object field(RecordComponent component, Record owner) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("bodies are records of this package", impossible);
        }
    }

    /** The component's name on the wire. */
    static String fieldName(RecordComponent component) {
        return PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName());
    }

    static boolean isOptional(RecordComponent component) {
        Described described = component.getAnnotation(Described.class);
        return described != null && described.optional();
    }

    private static String where(JsonMappingException wrong) {
        String path = path(wrong);
        return path.isEmpty() ? "The body" : "The field " + path;
    }

    private static String path(JsonMappingException wrong) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : wrong.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(printable(step.getFieldName()));
            }
        }
        return path.toString();
    }

    /** What the caller sent comes back in the answer: not all of it, and nothing that could confuse a terminal. */
    private static String printable(String name) {
        String cut = name.length() > 64 ? name.substring(0, 64) + "…" : name;
        return cut.replaceAll("[^\\x21-\\x7e…]", "?");
    }

    private static String knownFields(Collection<Object> known) {
        return known == null || known.isEmpty()
                ? "none"
                : known.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    }

    private static String words(Class<?> type) {
        if (type == String.class) {
            return "a text";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type != null && (Number.class.isAssignableFrom(type) || type.isPrimitive())) {
            return "a whole number";
        }
        return type != null && Collection.class.isAssignableFrom(type) ? "a list" : "a JSON object";
    }

    private static String position(StreamReadException malformed) {
        return malformed.getLocation() == null
                ? "it ends too early"
                : "line " + malformed.getLocation().getLineNr() + ", column "
                        + malformed.getLocation().getColumnNr();
    }
}
