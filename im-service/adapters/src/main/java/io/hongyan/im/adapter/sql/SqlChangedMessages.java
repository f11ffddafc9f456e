package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.ChangedMapper.Place;
import io.hongyan.im.adapter.sql.ChangedMapper.ReactionRow;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.send.ChangedMessages;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads states and reactions beside the writer. */
public final class SqlChangedMessages implements ChangedMessages {
    /** Conversations of one statement; SQLite takes no more than 500. */
    private static final int CONVERSATIONS_PER_QUERY_MAX = 100;

    private final ReadExecutor reads;

    public SqlChangedMessages(ReadExecutor reads) {
        this.reads = reads;
    }

    @Override
    public List<Due> due(int countsMax, int recalledMax) {
        return reads.readOne(connection -> due(connection, countsMax, recalledMax));
    }

    public static List<Due> due(ReadConnection connection, int countsMax, int recalledMax) {
        ChangedMapper rows = connection.mapper(ChangedMapper.class);
        return Stream.concat(rows.listDue(false, countsMax).stream(), rows.listDue(true, recalledMax).stream())
                .map(row -> new Due(new MessageId(Kinds.conversation(row.kind(), row.name()), row.seq()), row.state()))
                .toList();
    }

    @Override
    public Map<MessageId, Set<String>> reactionsOf(String uid, Collection<MessageId> messages) {
        Map<Conversation, List<Long>> wanted = new LinkedHashMap<>();
        messages.forEach(message -> wanted.computeIfAbsent(message.conversation(), one -> new ArrayList<>())
                .add(message.seq()));
        List<Conversation> conversations = List.copyOf(wanted.keySet());
        Map<MessageId, Set<String>> found = new HashMap<>();
        for (int from = 0; from < conversations.size(); from += CONVERSATIONS_PER_QUERY_MAX) {
            int to = Math.min(conversations.size(), from + CONVERSATIONS_PER_QUERY_MAX);
            List<Place> places = new ArrayList<>();
            for (int i = from; i < to; i++) {
                Conversation one = conversations.get(i);
                places.add(new Place(i, one.kind().number(), one.id(), wanted.get(one)));
            }
            List<ReactionRow> rows = reads.readOne(
                    connection -> connection.mapper(ChangedMapper.class).listReactions(uid, places));
            rows.forEach(row -> found.computeIfAbsent(
                            new MessageId(conversations.get(row.place()), row.seq()), id -> new HashSet<>())
                    .add(row.emoji()));
        }
        return found;
    }
}
