package io.hongyan.im.adapter.sql;

import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@code SqliteFanOutLog}. */
public interface FanOutMapper {
    List<MarkerRow> listFree(@Param("worker") String worker, @Param("now") long nowMillis, @Param("limit") int limit);

    boolean isOpen(@Param("group") String group, @Param("seq") long seq);

    MessageRow findMessage(@Param("conversationId") long conversationId, @Param("seq") long seq);

    /** A marker by the name of its group. */
    record MarkerRow(String group, long seq) {}
}
