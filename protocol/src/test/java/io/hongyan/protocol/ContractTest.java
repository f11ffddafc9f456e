package io.hongyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.PushRequest;
import io.hongyan.protocol.v1.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Names (also those of JSON), numbers, types and oneofs with which clients were built do not change: {@code contract.txt}
 * lists all of them. New ones are added to it; a removed or changed line breaks existing clients.
 */
class ContractTest {
    private static final Path RECORDED = Path.of("src/test/contract.txt");
    static final List<FileDescriptor> FILES = List.of(
            InboxEntry.getDescriptor().getFile(),
            Reply.getDescriptor().getFile(),
            FeedEvent.getDescriptor().getFile(),
            PushRequest.getDescriptor().getFile());

    @Test
    void nothingClientsKnowHasChanged() throws IOException {
        Set<String> now = new TreeSet<>();
        for (FileDescriptor file : FILES) {
            file.getMessageTypes().forEach(type -> add(type, now));
            file.getEnumTypes().forEach(type -> add(type, now));
        }
        for (ErrorCode code : ErrorCode.values()) {
            now.add("error " + code + " = mqtt " + code.mqttReason() + ", http " + code.httpStatus());
        }
        Files.write(Path.of("target/contract.txt"), now);
        Set<String> recorded = new TreeSet<>(Files.readAllLines(RECORDED));

        assertThat(now)
                .as("lines of " + RECORDED + " that the contract no longer has: clients rely on them")
                .containsAll(recorded);
        assertThat(recorded)
                .as("what is new in the contract, to be added to " + RECORDED + " (target/contract.txt is all of it)")
                .containsAll(now);
    }

    private static void add(Descriptor type, Set<String> lines) {
        lines.add("message " + type.getFullName());
        for (FieldDescriptor field : type.getFields()) {
            lines.add("field " + field.getFullName() + " = " + field.getNumber() + ' '
                    + (field.isRepeated() ? "repeated " : field.hasPresence() && !isMessage(field) ? "optional " : "")
                    + typeOf(field) + ", json " + field.getJsonName()
                    + (field.getRealContainingOneof() == null
                            ? ""
                            : ", in oneof " + field.getRealContainingOneof().getName()));
        }
        type.getNestedTypes().forEach(nested -> add(nested, lines));
        type.getEnumTypes().forEach(nested -> add(nested, lines));
    }

    private static boolean isMessage(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    }

    private static String typeOf(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    private static void add(EnumDescriptor type, Set<String> lines) {
        for (EnumValueDescriptor value : type.getValues()) {
            lines.add("constant " + type.getFullName() + '.' + value.getName() + " = " + value.getNumber());
        }
    }
}
