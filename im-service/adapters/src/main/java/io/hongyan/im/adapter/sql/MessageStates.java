package io.hongyan.im.adapter.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.ReactionCount;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.ibatis.type.BaseTypeHandler;
import org.apache.ibatis.type.JdbcType;

/** How the states of messages are written in rows, and read beside the messages they are of. */
public final class MessageStates {
    /** Of a row {@code t}. */
    public static final String COLUMNS =
            "t.state_seq, t.edits, t.edited_at, t.recalled, t.pinned, t.reactions, t.counted_at, t.due";

    /** To a message {@code m}. */
    public static final String JOIN =
            " LEFT JOIN im_message_state t ON t.conversation_id = m.conversation_id AND t.seq = m.seq";

    private static final TypeReference<LinkedHashMap<String, Integer>> COUNTS = new TypeReference<>() {};
    private static final ObjectMapper JSON = new ObjectMapper();

    private MessageStates() {}

    /**
     * Null where there is no row.
     *
     * @param first place of the first of {@link #COLUMNS}, which are side by side
     */
    public static MessageState read(ResultSet row, int first) throws SQLException {
        long stateSeq = row.getLong(first);
        return row.wasNull()
                ? null
                : new MessageState(
                        stateSeq,
                        row.getInt(first + 1),
                        row.getLong(first + 2),
                        row.getBoolean(first + 3),
                        row.getBoolean(first + 4),
                        counts(row.getString(first + 5)),
                        row.getLong(first + 6),
                        row.getBoolean(first + 7));
    }

    /** The column {@code reactions}. */
    public static String reactions(MessageState state) {
        if (state.reactions().isEmpty()) {
            return null;
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        state.reactions().forEach(one -> counts.put(one.emoji(), one.count()));
        try {
            return JSON.writeValueAsString(counts);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("reactions", e);
        }
    }

    private static List<ReactionCount> counts(String text) {
        if (text == null) {
            return List.of();
        }
        try {
            return JSON.readValue(text, COUNTS).entrySet().stream()
                    .map(one -> new ReactionCount(one.getKey(), one.getValue()))
                    .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("reactions as stored", e);
        }
    }

    /** For mapper files: reads all the columns by the name of the first. */
    public static final class Handler extends BaseTypeHandler<MessageState> {
        @Override
        public MessageState getNullableResult(ResultSet row, String column) throws SQLException {
            return read(row, row.findColumn(column));
        }

        @Override
        public MessageState getNullableResult(ResultSet row, int column) throws SQLException {
            return read(row, column);
        }

        @Override
        public MessageState getNullableResult(CallableStatement statement, int column) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setNonNullParameter(PreparedStatement statement, int i, MessageState state, JdbcType type) {
            throw new UnsupportedOperationException();
        }
    }
}
