package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Read events take their numbers under the locks of the inboxes' heads. */
final class MysqlReadEvents implements SqlMarks.ReadEvents {
    private final MysqlIds ids;

    MysqlReadEvents(MysqlIds ids) {
        this.ids = ids;
    }

    @Override
    public List<InboxPosition> append(Transaction transaction, List<Mark> marks) throws SQLException {
        Connection connection = ((MysqlSession) transaction).connection();
        Map<String, Long> users =
                ids.users(connection, marks.stream().map(Mark::uid).distinct().toList());
        Map<Conversation, Long> conversations = ids.conversations(
                connection, marks.stream().map(Mark::conversation).distinct().toList());
        InboxNumbers inbox = new InboxNumbers();
        for (Mark mark : marks) {
            inbox.add(
                    users.get(mark.uid()),
                    MessageRows.KIND_READ,
                    conversations.get(mark.conversation()),
                    mark.readSeq());
        }
        inbox.number(connection);
        inbox.write(connection);
        List<InboxPosition> positions = new ArrayList<>(marks.size());
        for (int place = 0; place < marks.size(); place++) {
            positions.add(new InboxPosition(marks.get(place).uid(), inbox.seqOf(place)));
        }
        return positions;
    }
}
