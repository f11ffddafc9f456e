package io.hongyan.im.adapter.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.ibatis.session.ResultContext;
import org.apache.ibatis.session.ResultHandler;

/** Takes rows until the next one would pass a sum of bytes; the first is always taken. */
final class BoundedPage<R> implements ResultHandler<R> {
    private final ToIntFunction<R> bytesOf;
    private final int bytesMax;
    private final List<R> rows = new ArrayList<>();
    private long bytes;

    BoundedPage(ToIntFunction<R> bytesOf, int bytesMax) {
        this.bytesOf = bytesOf;
        this.bytesMax = bytesMax;
    }

    @Override
    public void handleResult(ResultContext<? extends R> context) {
        R row = context.getResultObject();
        bytes += bytesOf.applyAsInt(row);
        if (bytes > bytesMax && !rows.isEmpty()) {
            context.stop();
        } else {
            rows.add(row);
        }
    }

    List<R> rows() {
        return rows;
    }
}
