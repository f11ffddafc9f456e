package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.hongyan.protocol.ContractComments;
import io.hongyan.protocol.v1.Content;
import java.util.List;
import java.util.Set;

/**
 * Messages of the client contract as JSON schemas of their proto3 JSON form: their descriptions are the comments of the
 * contract, and a oneof is one of several objects that are told apart by the name of their field.
 */
final class ContractSchemas {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String NEW_CONTENT = "NewContent";

    /** What is in each event of the feed. Other fields are left out where they have their default value. */
    private static final Set<String> ALWAYS_THERE = Set.of(
            "FeedEvent.key",
            "FeedEvent.key_seq",
            "FeedEvent.at",
            "FeedEvent.MessageStored.message",
            "FeedEvent.SessionOpened.uid",
            "FeedEvent.SessionOpened.device",
            "FeedEvent.SessionOpened.platform",
            "FeedEvent.SessionOpened.connection",
            "FeedEvent.SessionClosed.uid",
            "FeedEvent.SessionClosed.device",
            "FeedEvent.SessionClosed.connection",
            "FeedEvent.SessionClosed.why",
            "FeedEvent.SessionKicked.uid",
            "FeedEvent.SessionKicked.device",
            "FeedEvent.SessionKicked.connection",
            "FeedEvent.SessionKicked.by_device",
            "FeedEvent.ReceiptMoved.uid",
            "FeedEvent.ReceiptMoved.peer",
            "FeedEvent.Report.uid",
            "FeedEvent.Report.device",
            "FeedEvent.Report.destination",
            "FeedEvent.PushFinished.push_id",
            "FeedEvent.PushUnreached.push_id",
            "FeedEvent.PushRefused.code",
            "FeedEvent.PushRefused.detail",
            "FeedEvent.PushAcknowledged.push_id",
            "FeedEvent.PushAcknowledged.uid",
            "FeedEvent.PushAcknowledged.device",
            "FeedEvent.NodeStarted.node",
            "MessageChange.target_seq",
            "MessageChange.Reaction.emoji",
            "ReactionCount.emoji",
            "ReactionCount.count",
            "Message.from",
            "Message.to",
            "Message.seq",
            "Message.sent_at",
            "Peer.kind",
            "Peer.id");

    private final SchemaTable table;
    private final ContractComments comments = new ContractComments();

    ContractSchemas(SchemaTable table) {
        this.table = table;
    }

    /** A reference to the schema of what the server writes. */
    ObjectNode use(Descriptor type) {
        ObjectNode schema = table.add(name(type), type);
        if (schema != null) {
            describe(type, schema);
        }
        return SchemaTable.reference(name(type));
    }

    /** A reference to the schema of a content that somebody else than the server writes. */
    ObjectNode useNewContent() {
        Descriptor type = Content.getDescriptor();
        ObjectNode schema = table.add(NEW_CONTENT, NEW_CONTENT);
        if (schema != null) {
            schema.put("description", "The content of the message.");
            ArrayNode alternatives = schema.putArray("oneOf");
            for (FieldDescriptor body : type.getRealOneofs().get(0).getFields()) {
                if (body.getNumber() != Content.GROUP_CHANGE_FIELD_NUMBER
                        && body.getNumber() != Content.CHANGE_FIELD_NUMBER) {
                    ObjectNode alternative = alternative(body).put("additionalProperties", false);
                    ObjectNode properties = (ObjectNode) alternative.get("properties");
                    for (FieldDescriptor beside : type.getFields()) {
                        if (beside.getRealContainingOneof() == null
                                && beside.getNumber() != Content.ENCODED_FIELD_NUMBER) {
                            properties.set(beside.getJsonName(), described(beside));
                        }
                    }
                    alternatives.add(alternative);
                }
            }
        }
        return SchemaTable.reference(NEW_CONTENT);
    }

    private void describe(Descriptor type, ObjectNode schema) {
        List<FieldDescriptor> plain = type.getFields().stream()
                .filter(field -> field.getRealContainingOneof() == null)
                .toList();
        String comment = comments.of(type);
        if (!comment.isEmpty()) {
            schema.put("description", comment);
        }
        if (!plain.isEmpty() || type.getRealOneofs().isEmpty()) {
            schema.put("type", "object");
            ObjectNode properties = schema.putObject("properties");
            ArrayNode required = schema.putArray("required");
            for (FieldDescriptor field : plain) {
                properties.set(field.getJsonName(), described(field));
                if (ALWAYS_THERE.contains(localName(field))) {
                    required.add(field.getJsonName());
                }
            }
        }
        for (OneofDescriptor oneof : type.getRealOneofs()) {
            ArrayNode alternatives = schema.putArray("oneOf");
            oneof.getFields().forEach(field -> alternatives.add(alternative(field)));
            if (type.equals(Content.getDescriptor())) {
                alternatives.add(unknownContent(oneof));
            }
        }
    }

    private ObjectNode unknownContent(OneofDescriptor bodies) {
        ObjectNode schema = alternative(Content.getDescriptor().findFieldByNumber(Content.ENCODED_FIELD_NUMBER))
                .put("title", "unknown")
                .put("description", "Content of a type that this server does not know.");
        ArrayNode known = schema.putObject("not").putArray("anyOf");
        bodies.getFields()
                .forEach(body -> known.addObject().putArray("required").add(body.getJsonName()));
        return schema;
    }

    private ObjectNode alternative(FieldDescriptor field) {
        ObjectNode schema = JSON.objectNode().put("title", field.getJsonName()).put("type", "object");
        schema.putObject("properties").set(field.getJsonName(), described(field));
        schema.putArray("required").add(field.getJsonName());
        return schema;
    }

    /** A field that is a message needs no comment of its own where that has one. */
    private ObjectNode described(FieldDescriptor field) {
        String comment = comments.of(field);
        if (comment.isEmpty() && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            comment = comments.of(field.getMessageType());
        }
        if (comment.isEmpty()) {
            throw new IllegalStateException("the contract does not say what " + field.getFullName() + " is");
        }
        ObjectNode value = value(field);
        if (field.isRepeated()) {
            ObjectNode list = JSON.objectNode().put("type", "array");
            list.set("items", value);
            return list.put("description", comment);
        }
        return value.put("description", comment);
    }

    private ObjectNode value(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE -> use(field.getMessageType());
            case ENUM -> use(field.getEnumType());
            case INT64 ->
                JSON.objectNode().put("type", "string").put("format", "int64").put("pattern", "^-?[0-9]{1,19}$");
            case INT32 -> JSON.objectNode().put("type", "integer").put("format", "int32");
            case BOOL -> JSON.objectNode().put("type", "boolean");
            case STRING -> JSON.objectNode().put("type", "string");
            case BYTES -> JSON.objectNode().put("type", "string").put("contentEncoding", "base64");
            default -> throw new IllegalStateException("there is no schema for " + field.getFullName());
        };
    }

    /** The first value is the default one, which is left out. */
    ObjectNode use(EnumDescriptor type) {
        ObjectNode schema = table.add(name(type), type);
        if (schema != null) {
            StringBuilder sentences = new StringBuilder(comments.of(type));
            ArrayNode names = schema.put("type", "string").putArray("enum");
            for (EnumValueDescriptor value : type.getValues()) {
                if (value.getNumber() != 0) {
                    names.add(value.getName());
                    String comment = comments.of(value);
                    if (!comment.isEmpty()) {
                        sentences
                                .append(' ')
                                .append(value.getName())
                                .append(": ")
                                .append(comment);
                    }
                }
            }
            schema.put("description", sentences.toString().strip());
        }
        return SchemaTable.reference(name(type));
    }

    private static String name(GenericDescriptor type) {
        return localName(type).replace(".", "");
    }

    /** Within the contract. */
    private static String localName(GenericDescriptor element) {
        return element.getFullName().substring(element.getFile().getPackage().length() + 1);
    }
}
