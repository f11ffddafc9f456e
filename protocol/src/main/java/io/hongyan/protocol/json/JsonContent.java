package io.hongyan.protocol.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.hongyan.protocol.v1.Content;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Content that cannot be written in JSON: unknown fields are given to readers of JSON as bytes, in {@code encoded}. */
public final class JsonContent {
    /** The fields of each message type that contain a Content, at any depth. */
    private static final Map<Descriptor, List<FieldDescriptor>> WAYS = new ConcurrentHashMap<>();

    private JsonContent() {}

    /** The message as it is to be printed: itself, if all content in it is known. */
    public static Message readable(Message message) {
        if (message instanceof Content edit && edit.getChange().hasEdited()) {
            Content content = edit.getChange().getEdited().getContent();
            if (hasUnknown(content)) {
                Content.Builder changed = edit.toBuilder();
                changed.getChangeBuilder().getEditedBuilder().setContent((Content) readable(content));
                return changed.build();
            }
            return edit;
        }
        if (message instanceof Content content) {
            // Once, on the outermost Content: on each nested one the same bytes would be repeated.
            return hasUnknown(content)
                    ? content.toBuilder().setEncoded(content.toByteString()).build()
                    : content;
        }
        Message.Builder changed = null;
        for (FieldDescriptor field : ways(message.getDescriptorForType())) {
            int count = field.isRepeated() ? message.getRepeatedFieldCount(field) : message.hasField(field) ? 1 : 0;
            for (int i = 0; i < count; i++) {
                Message value =
                        (Message) (field.isRepeated() ? message.getRepeatedField(field, i) : message.getField(field));
                Message readable = readable(value);
                if (readable != value) {
                    changed = changed == null ? message.toBuilder() : changed;
                    set(changed, field, i, readable);
                }
            }
        }
        return changed == null ? message : changed.build();
    }

    private static boolean hasUnknown(Content content) {
        return !content.getUnknownFields().asMap().isEmpty()
                || content.getMerged().getItemsList().stream().anyMatch(item -> hasUnknown(item.getContent()));
    }

    private static void set(Message.Builder into, FieldDescriptor field, int index, Message value) {
        if (field.isRepeated()) {
            into.setRepeatedField(field, index, value);
        } else {
            into.setField(field, value);
        }
    }

    private static List<FieldDescriptor> ways(Descriptor type) {
        List<FieldDescriptor> known = WAYS.get(type);
        return known != null ? known : WAYS.computeIfAbsent(type, JsonContent::findWays);
    }

    private static List<FieldDescriptor> findWays(Descriptor type) {
        return type.getFields().stream()
                .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                .filter(field -> leadsToContent(field.getMessageType(), new HashSet<>()))
                .toList();
    }

    private static boolean leadsToContent(Descriptor type, Set<Descriptor> seen) {
        return type.equals(Content.getDescriptor())
                || seen.add(type)
                        && type.getFields().stream()
                                .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                                .anyMatch(field -> leadsToContent(field.getMessageType(), seen));
    }
}
