package io.hongyan.im.adapter.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.ibatis.session.ResultContext;
import org.apache.ibatis.session.ResultHandler;

/** Takes rows until the next one would pass a sum of bytes. */
public final class BoundedPage<R> implements ResultHandler<R> {
    private final ToIntFunction<R> bytesOf;
    private final int bytesMax;
    private final boolean firstAlways;
    private final List<R> rows = new ArrayList<>();
    private long bytes;
    private boolean cut;

    /** The first row is always taken. */
    public BoundedPage(ToIntFunction<R> bytesOf, int bytesMax) {
        this(bytesOf, bytesMax, true);
    }

    /** @param firstAlways whether the first row is taken whatever its size */
    public BoundedPage(ToIntFunction<R> bytesOf, int bytesMax, boolean firstAlways) {
        this.bytesOf = bytesOf;
        this.bytesMax = bytesMax;
        this.firstAlways = firstAlways;
    }

    @Override
    public void handleResult(ResultContext<? extends R> context) {
        if (!take(context.getResultObject())) {
            context.stop();
        }
    }

    /** Whether there was room for the row; if not, it takes no more. */
    public boolean take(R row) {
        int size = bytesOf.applyAsInt(row);
        if (bytes + size > bytesMax && !(firstAlways && rows.isEmpty())) {
            cut = true;
            return false;
        }
        bytes += size;
        rows.add(row);
        return true;
    }

    public List<R> rows() {
        return rows;
    }

    public R last() {
        return rows.get(rows.size() - 1);
    }

    public long bytes() {
        return bytes;
    }

    /** Whether there may be more rows than it took, of so many that were asked for. */
    public boolean isFull(int limit) {
        return cut || rows.size() == limit;
    }
}
