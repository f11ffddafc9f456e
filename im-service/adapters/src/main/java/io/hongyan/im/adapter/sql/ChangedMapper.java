package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.MessageState;
import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqlChangedMessages}. */
interface ChangedMapper {
    List<DueRow> listDue(@Param("recalled") boolean recalled, @Param("limit") int limit);

    List<ReactionRow> listReactions(@Param("uid") String uid, @Param("places") List<Place> places);

    record DueRow(int kind, String name, long seq, MessageState state) {}

    /** Messages of one conversation. */
    record Place(int place, int kind, String name, List<Long> seqs) {}

    /** @param place of the conversation among those asked for */
    record ReactionRow(int place, long seq, String emoji) {}
}
