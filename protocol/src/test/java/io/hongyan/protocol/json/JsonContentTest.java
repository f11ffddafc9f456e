package io.hongyan.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.HistoryResult;
import io.hongyan.protocol.v1.Merged;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.Text;
import org.junit.jupiter.api.Test;

class JsonContentTest {
    private static final Content KNOWN =
            Content.newBuilder().setText(Text.newBuilder().setText("hi")).build();
    private static final Content LATER = Content.newBuilder()
            .setUnknownFields(UnknownFieldSet.newBuilder()
                    .addField(
                            1_000,
                            UnknownFieldSet.Field.newBuilder()
                                    .addLengthDelimited(ByteString.copyFromUtf8("a poll"))
                                    .build())
                    .build())
            .build();

    private static Reply history(Content... contents) {
        HistoryResult.Builder result = HistoryResult.newBuilder();
        for (Content content : contents) {
            result.addMessages(Message.newBuilder().setContent(content));
        }
        return Reply.newBuilder().setHistory(result).build();
    }

    private static Content merged(Content inside) {
        return Content.newBuilder()
                .setMerged(Merged.newBuilder().addItems(Merged.Item.newBuilder().setContent(inside)))
                .build();
    }

    @Test
    void whatIsKnownStaysTheSame() {
        Reply known = history(KNOWN, merged(KNOWN), Content.getDefaultInstance());

        assertThat(JsonContent.readable(known)).isSameAs(known);
        Reply time = Reply.getDefaultInstance();
        assertThat(JsonContent.readable(time)).isSameAs(time);
    }

    @Test
    void whatIsNotKnownIsGivenInBytes() throws Exception {
        Reply told = (Reply) JsonContent.readable(history(KNOWN, LATER));

        assertThat(told.getHistory().getMessages(0).getContent()).isEqualTo(KNOWN);
        Content content = told.getHistory().getMessages(1).getContent();
        assertThat(Content.parseFrom(content.getEncoded())).isEqualTo(LATER);
    }

    @Test
    void soIsTheWholeOnceWhereSomethingInsideIsNotKnown() throws Exception {
        Content deep = merged(LATER);
        for (int i = 0; i < 10; i++) {
            deep = merged(deep).toBuilder()
                    .setUnknownFields(LATER.getUnknownFields())
                    .build();
        }
        Content told = (Content) JsonContent.readable(deep);

        assertThat(Content.parseFrom(told.getEncoded())).isEqualTo(deep);
        assertThat(told.getMerged()).as("nothing is added inside").isEqualTo(deep.getMerged());
    }
}
