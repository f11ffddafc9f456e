package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.hongyan.protocol.json.JsonFault;
import io.hongyan.protocol.json.JsonMessages;
import io.hongyan.protocol.json.JsonText;
import io.hongyan.protocol.v1.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * Bodies as records, in the spelling of the proto3 JSON mapping: names in lowerCamelCase, 64-bit numbers as texts. Read are
 * names in snake_case and numbers without quotes, too; nothing unknown, nothing of another type, nothing missing. Whoever sent a
 * body that does not fit is told which field it is.
 */
final class JsonBody {
    private static final PropertyNamingStrategies.SnakeCaseStrategy SNAKE_CASE =
            PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE;
    private static final JsonMapper MAPPER = mapper();
    private static final ObjectReader READER = MAPPER.reader();

    private JsonBody() {}

    private static JsonMapper mapper() {
        JsonMapper.Builder builder = JsonMapper.builder()
                .annotationIntrospector(new BothSpellings())
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                .addModule(values())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        builder.withCoercionConfig(
                LogicalType.Textual,
                config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
        return builder.build();
    }

    private static SimpleModule values() {
        WholeNumber<Integer> ints = new WholeNumber<>(Integer.MIN_VALUE, Integer.MAX_VALUE, number -> (int) number);
        WholeNumber<Long> longs = new WholeNumber<>(Long.MIN_VALUE, Long.MAX_VALUE, number -> number);
        return new SimpleModule()
                .addDeserializer(Content.class, new ContentReader())
                .addDeserializer(Integer.class, ints)
                .addDeserializer(Long.class, longs)
                .addSerializer(Long.class, ToStringSerializer.instance)
                .addSerializer(Long.TYPE, ToStringSerializer.instance);
    }

    /** Takes names in snake_case, too. */
    private static final class BothSpellings extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public List<PropertyName> findPropertyAliases(Annotated member) {
            if (member instanceof AnnotatedParameter parameter
                    && parameter.getDeclaringClass().isRecord()) {
                RecordComponent component = parameter.getDeclaringClass().getRecordComponents()[parameter.getIndex()];
                return List.of(PropertyName.construct(SNAKE_CASE.translate(component.getName())));
            }
            return super.findPropertyAliases(member);
        }
    }

    /** As in messages of the client contract. */
    private static final class WholeNumber<N extends Number> extends JsonDeserializer<N> {
        private final long min;
        private final long max;
        private final LongFunction<N> boxed;

        WholeNumber(long min, long max, LongFunction<N> boxed) {
            this.min = min;
            this.max = max;
            this.boxed = boxed;
        }

        @Override
        public N deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return boxed.apply(JsonMessages.readWhole(in, min, max));
        }
    }

    /** A content of the client contract, where a record has one. */
    private static final class ContentReader extends JsonDeserializer<Content> {
        @Override
        public Content deserialize(JsonParser in, DeserializationContext context) throws IOException {
            Content.Builder content = Content.newBuilder();
            if (in.currentToken() != JsonToken.START_OBJECT) {
                throw MismatchedInputException.from(in, Content.class, "no object");
            }
            JsonMessages.readObject(in, content);
            return content.build();
        }
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
        try (JsonParser in = JsonText.parser(body)) {
            requireNamesOnce(body);
            value = read(in, type);
        } catch (JsonFault fault) {
            throw Problem.malformed(fault.getMessage());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        if (value == null) {
            throw Problem.malformed("The body takes a JSON object.");
        }
        requireFields(value, "");
        return value;
    }

    /** A field that stands once in each spelling stands twice. What is wrong otherwise is left to the reader. */
    private static void requireNamesOnce(byte[] body) throws IOException {
        try (JsonParser in = JsonText.parser(body)) {
            Deque<Set<String>> objects = new ArrayDeque<>();
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    objects.push(new HashSet<>());
                } else if (token == JsonToken.END_OBJECT) {
                    objects.pop();
                } else if (token == JsonToken.FIELD_NAME
                        && !objects.element()
                                .add(in.currentName().replace("_", "").toLowerCase(Locale.ROOT))) {
                    throw JsonText.twice(JsonText.path(in.getParsingContext()));
                }
            }
        } catch (JacksonException malformed) {
            // The reader meets it too, and says where.
        }
    }

    private static <T extends Record> T read(JsonParser in, Class<T> type) throws IOException {
        in.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
        try {
            T value = READER.forType(type).readValue(in);
            JsonText.requireEnd(in);
            return value;
        } catch (UnrecognizedPropertyException unknown) {
            throw Problem.malformed("There is no field " + path(unknown) + " here; fields are "
                    + knownFields(unknown.getKnownPropertyIds()) + '.');
        } catch (MismatchedInputException wrong) {
            throw Problem.malformed(where(wrong) + " takes " + words(wrong.getTargetType()) + '.');
        } catch (JsonMappingException wrong) {
            if (isNotJson(wrong.getCause())) {
                throw JsonText.fault(in, (JacksonException) wrong.getCause());
            }
            throw Problem.malformed(where(wrong) + " has a value that does not fit.");
        } catch (JacksonException malformed) {
            throw JsonText.fault(in, malformed);
        }
    }

    /** A number that does not fit is JSON, and so is what has no better reason. */
    private static boolean isNotJson(Throwable cause) {
        return cause instanceof JacksonException
                && !(cause instanceof JsonMappingException)
                && !(cause instanceof InputCoercionException);
    }

    private static void requireFields(Record value, String prefix) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String name = prefix + fieldName(component);
            Object field = field(component, value);
            if (field == null && !isOptional(component)) {
                throw Problem.malformed("The field " + name + " is missing.");
            }
            requireOneOf(component, field, name);
            if (field instanceof Record nested) {
                requireFields(nested, name + '.');
            } else if (field instanceof List<?> list) {
                requireElements(list, name);
            }
        }
    }

    private static void requireOneOf(RecordComponent component, Object field, String name) {
        Described described = component.getAnnotation(Described.class);
        if (described != null && described.oneOf().length > 0 && field != null) {
            List<String> all = List.of(described.oneOf());
            if (all.stream()
                    .noneMatch(one ->
                            one.equals(field) || one.toLowerCase(Locale.ROOT).equals(field))) {
                throw Problem.malformed("The field " + name + " takes " + String.join(" or ", all) + '.');
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
        return component.getName();
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
                path.append(path.isEmpty() ? "" : ".").append(JsonText.printable(step.getFieldName()));
            }
        }
        return path.toString();
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
}
