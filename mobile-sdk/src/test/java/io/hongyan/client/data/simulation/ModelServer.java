package io.hongyan.client.data.simulation;

import static io.hongyan.client.data.simulation.ServerData.CONVERSATIONS;
import static io.hongyan.client.data.simulation.ServerData.ME;

import io.hongyan.client.data.ConversationId;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Conversation;
import io.hongyan.protocol.v1.Kicked;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.MessageChange;
import io.hongyan.protocol.v1.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A server with one user whose device is looked at, and what others do there. */
final class ModelServer {
    final Timeline timeline;
    final Random random;
    final Faults faults;
    private ServerData data = new ServerData();
    private ServerData backup;
    private int epochs = 1;
    /** The epoch in which the device has acknowledged something: it knows where its inbox begins. */
    int epochOfAcknowledgement;
    /** From here on the device must have everything of its inbox: it began there, or was told that what is below is gone. */
    long complete = -1;

    private ModelSession session;
    private int written;

    ModelServer(Timeline timeline, Random random, Faults faults) {
        this.timeline = timeline;
        this.random = random;
        this.faults = faults;
        int before = random.nextInt(30);
        for (int i = 0; i < before; i++) {
            othersWrite();
        }
        data.acknowledged = random.nextInt((int) data.head() + 1);
        backup = data.copy();
    }

    ServerData data() {
        return data;
    }

    String epoch() {
        return "epoch-" + epochs;
    }

    int epochNumber() {
        return epochs;
    }

    /** A session of the device; an earlier one ends. */
    ModelSession connect(SimulatedClient client) {
        if (session != null) {
            session.cut();
        }
        session = new ModelSession(this, client);
        return session;
    }

    /** What is below is gone for the device. */
    void completeFrom(ServerData of, long seq) {
        if (of == data) {
            complete = Math.max(complete, seq);
        }
    }

    ConversationId anyConversation() {
        return CONVERSATIONS.get(random.nextInt(CONVERSATIONS.size()));
    }

    /** Somebody else writes, or the user on another device. */
    void othersWrite() {
        othersWrite(anyConversation());
    }

    void othersWrite(ConversationId id) {
        String other = id.toPeer().getKindValue() == 1 ? id.id() : random.nextBoolean() ? "bob" : "carol";
        boolean own = random.nextInt(6) == 0;
        int size = data.log(id).size();
        Content content = !own && size > 0 && random.nextInt(8) == 0
                ? Content.newBuilder()
                        .setChange(MessageChange.newBuilder()
                                .setTargetSeq(1 + random.nextInt(size))
                                .setPinned(true))
                        .build()
                : text("other " + ++written);
        data.store(id, own ? ME : other, own ? "web:w" : "ios:i", "o-" + written + "-" + size, content, true);
        pump();
    }

    static Content text(String text) {
        return Content.newBuilder().setText(Text.newBuilder().setText(text)).build();
    }

    void readElsewhere() {
        ConversationId id = anyConversation();
        if (!data.log(id).isEmpty()) {
            data.readElsewhere(id);
            pump();
        }
    }

    /** Old entries of the inbox are dropped. */
    void trim() {
        long from = 1 + random.nextInt((int) data.head() + 1);
        data.oldest = Math.max(data.oldest, from);
    }

    void backUp() {
        backup = data.copy();
    }

    /** The data are those of the last backup, in a new epoch. */
    void restore() {
        ModelSession open = session;
        data = backup.copy();
        epochs++;
        complete = -1;
        if (open != null) {
            open.kick(Kicked.Why.DATA_CHANGED);
        }
    }

    /** The connection ends as if another device had logged in. */
    void kick() {
        if (session != null) {
            session.kick(Kicked.Why.NEWER_LOGIN);
        }
    }

    void cut() {
        if (session != null) {
            session.cut();
        }
    }

    private void pump() {
        if (session != null) {
            session.pump();
        }
    }

    static List<Conversation> list(ServerData data) {
        List<Conversation> list = new ArrayList<>();
        for (ConversationId id : CONVERSATIONS) {
            List<Message> log = data.log(id);
            if (!log.isEmpty()) {
                list.add(Conversation.newBuilder()
                        .setPeer(id.toPeer())
                        .setHeadSeq(log.size())
                        .setLastMessage(log.get(log.size() - 1))
                        .setHeadOrdinal(data.ordinal(id))
                        .setReadOrdinal(data.read.getOrDefault(id, 0L))
                        .build());
            }
        }
        return list;
    }

    /** The stream of the large group begins at the newest entries for a device that was away for long. */
    static long streamFrom(long cursor, long head) {
        return Math.max(cursor + 1, head - 9);
    }
}
