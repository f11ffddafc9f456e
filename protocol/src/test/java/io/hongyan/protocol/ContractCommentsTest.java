package io.hongyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.protocol.v1.FeedEvent.SessionClosed;
import io.hongyan.protocol.v1.GroupChange;
import io.hongyan.protocol.v1.Peer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ContractCommentsTest {
    private final ContractComments comments = new ContractComments();

    @Test
    void messagesAndFieldsHaveTheirComments() {
        assertThat(comments.of(FeedEvent.getDescriptor()))
                .startsWith("One event.")
                .contains("drop, for each key, events");
        assertThat(comments.of(FeedEvent.getDescriptor().findFieldByName("at")))
                .isEqualTo("When it happened. Milliseconds since 1970-01-01 UTC by the server's clock.");
        assertThat(comments.of(GroupChange.Profile.getDescriptor().findFieldByName("announcement")))
                .isEqualTo("The announcement for the members; empty = none.");
    }

    @Test
    void membersOfAOneofAreThoseOfTheMessage() {
        assertThat(comments.of(Content.getDescriptor().findFieldByName("group_change")))
                .isEqualTo("Only the server writes this.");
        assertThat(comments.of(GroupChange.getDescriptor().findFieldByName("dissolved")))
                .isEqualTo("The group was dissolved.");
    }

    /** Of members of a oneof, the comment of their message will do. */
    @Test
    void everyMessageAndFieldHasAComment() {
        List<String> without = new ArrayList<>();
        for (FileDescriptor file : ContractTest.FILES) {
            file.getMessageTypes().forEach(type -> addThoseWithout(type, without));
        }
        assertThat(without).as("messages and fields that no comment explains").isEmpty();
    }

    private void addThoseWithout(Descriptor type, List<String> without) {
        if (comments.of(type).isEmpty()) {
            without.add(type.getFullName());
        }
        for (FieldDescriptor field : type.getFields()) {
            boolean explainedByItsMessage = field.getRealContainingOneof() != null
                    && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                    && !comments.of(field.getMessageType()).isEmpty();
            if (comments.of(field).isEmpty() && !explainedByItsMessage) {
                without.add(field.getFullName());
            }
        }
        type.getNestedTypes().forEach(nested -> addThoseWithout(nested, without));
    }

    @Test
    void constantsHaveTheirs() {
        assertThat(comments.of(SessionClosed.Why.THROWN_OUT.getValueDescriptor()))
                .startsWith("An operator has kicked");
        assertThat(comments.of(Peer.Kind.GROUP.getValueDescriptor())).isEmpty();
    }

    @Test
    void aCommentIsOfWhatFollowsItAtOnce() {
        assertThat(comments.of(Content.getDescriptor().findFieldByName("text"))).isEmpty();
        assertThat(comments.of(Peer.Kind.KIND_UNSPECIFIED.getValueDescriptor())).isEmpty();
    }
}
