package io.hongyan.im.app.fault;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Appends each batch in the opposite order. */
final class ReversingLog implements MessageLog {
    private final MessageLog log;

    private ReversingLog(MessageLog log) {
        this.log = log;
    }

    static Storage around(Storage storage) {
        return storage.with(MessageLog.class, new ReversingLog(storage.log()));
    }

    @Override
    public List<Appended> append(List<Draft> batch, long nowMillis) {
        List<Draft> reversed = new ArrayList<>(batch);
        Collections.reverse(reversed);
        List<Appended> results = new ArrayList<>(log.append(reversed, nowMillis));
        Collections.reverse(results);
        return results;
    }
}
