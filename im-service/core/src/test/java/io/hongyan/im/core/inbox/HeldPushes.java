package io.hongyan.im.core.inbox;

import io.hongyan.im.core.inbox.Downlink.GatheredMessage;
import io.hongyan.im.core.inbox.Downlink.Gathering;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.message.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A gathering whose pushes are done one after the other when it is flushed. */
public final class HeldPushes implements Gathering {
    private final Function<StoredMessage, OutgoingMessage> prepare;
    private final List<Runnable> held = new ArrayList<>();

    /** @param prepare makes the messages ready that are sent at last */
    public HeldPushes(Function<StoredMessage, OutgoingMessage> prepare) {
        this.prepare = prepare;
    }

    @Override
    public GatheredMessage add(StoredMessage message) {
        OutgoingMessage outgoing = prepare.apply(message);
        return new GatheredMessage() {
            @Override
            public Gathering gathering() {
                return HeldPushes.this;
            }

            @Override
            public void pushTo(EntryStream stream, long seq) {
                held.add(() -> outgoing.pushTo(stream, seq));
            }
        };
    }

    @Override
    public void flush() {
        List<Runnable> now = List.copyOf(held);
        held.clear();
        now.forEach(Runnable::run);
    }
}
