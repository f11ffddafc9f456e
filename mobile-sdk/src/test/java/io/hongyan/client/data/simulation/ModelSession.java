package io.hongyan.client.data.simulation;

import static io.hongyan.client.data.simulation.ServerData.LARGE;
import static io.hongyan.client.data.simulation.ServerData.ME;

import com.google.protobuf.MessageLite;
import io.hongyan.client.data.ConversationId;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Conversation;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.ConversationsResult;
import io.hongyan.protocol.v1.DataEpoch;
import io.hongyan.protocol.v1.Event;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.HistoryResult;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Kicked;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.PullResult;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.TimeRequest;
import io.hongyan.protocol.v1.TimeResult;
import io.hongyan.protocol.v1.Trimmed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The server's end of a connection of the device, and both directions of the network. */
final class ModelSession {
    private static final int WINDOW = 8;

    private final ModelServer server;
    private final SimulatedClient client;
    /** A connection knows one history of the data. */
    private final ServerData data;

    private final String epoch;
    private boolean alive = true;
    private boolean subscribed;
    private long arrivesAtServer;
    private long arrivesAtClient;

    private long position;
    private long largePosition;
    private long deliveries;
    private final Deque<Delivered> unacknowledged = new ArrayDeque<>();
    private final Set<Long> ownInbox = new HashSet<>();
    private final Set<Long> ownLarge = new HashSet<>();
    private boolean hasDropped;

    private record Delivered(long id, boolean ofInbox, long seq) {}

    ModelSession(ModelServer server, SimulatedClient client) {
        this.server = server;
        this.client = client;
        this.data = server.data();
        this.epoch = server.epoch();
    }

    /** Whether an entry was left out, which a client has to notice. */
    boolean hasDropped() {
        return hasDropped;
    }

    // --- The network ------------------------------------------------------------------------------------------------

    /** Something on its way to the server; it arrives after what was sent before, unless the connection breaks. */
    void toServer(Runnable arrival) {
        arrivesAtServer = Math.max(arrivesAtServer, server.timeline.nowMillis() + 1 + server.random.nextInt(60));
        server.timeline.at(arrivesAtServer, () -> {
            if (alive) {
                arrival.run();
            }
        });
    }

    private void toClient(Runnable arrival) {
        arrivesAtClient = Math.max(arrivesAtClient, server.timeline.nowMillis() + 1 + server.random.nextInt(60));
        server.timeline.at(arrivesAtClient, () -> {
            if (alive) {
                client.input(this, arrival);
            }
        });
    }

    /** The connection is gone, with all that was on its way; the client notices later. */
    void cut() {
        if (alive) {
            alive = false;
            server.timeline.after(1 + server.random.nextInt(3_000), () -> client.lost(this));
        }
    }

    void kick(Kicked.Why why) {
        Notice notice =
                Notice.newBuilder().setKicked(Kicked.newBuilder().setWhy(why)).build();
        toClient(() -> client.engine().noticed(notice));
        server.timeline.after(300, this::cut);
    }

    // --- What the client sends --------------------------------------------------------------------------------------

    void subscribe() {
        subscribed = true;
        if (data.cursor < 0) {
            data.cursor = data.acknowledged;
        }
        if (data.largeCursor < 0) {
            data.largeCursor = 0;
        }
        if (server.complete < 0 && data == server.data()) {
            server.complete = data.cursor;
        }
        position = data.cursor;
        largePosition = data.largeCursor;
        toClient(() -> client.engine().subscribed());
        Notice notice = Notice.newBuilder()
                .setDataEpoch(DataEpoch.newBuilder().setEpoch(epoch))
                .build();
        if (!server.faults.happens(200)) {
            toClient(() -> client.engine().noticed(notice));
        }
        pump();
    }

    void publish(SendRequest request) {
        ConversationId id = ConversationId.of(request.getTo());
        SendAck answer = data.answer(id, ME, request.getClientMessageId());
        if (server.faults.happens(20)) {
            cut();
            return;
        }
        if (answer == null && server.faults.happens(150)) {
            answer(refusal(request));
            return;
        }
        if (answer == null) {
            boolean named = server.random.nextInt(3) > 0;
            answer = data.store(
                    id, ME, SimulatedClient.DEVICE, request.getClientMessageId(), request.getContent(), named);
        }
        if (answer.getInboxSeq() > 0) {
            ownInbox.add(answer.getInboxSeq());
        }
        if (id.equals(LARGE)) {
            ownLarge.add(answer.getSeq());
        }
        if (server.faults.happens(20)) {
            cut();
            return;
        }
        answer(answer);
        pump();
    }

    private SendAck refusal(SendRequest request) {
        Code[] codes = {Code.RATE_LIMITED, Code.UNAVAILABLE, Code.MUTED};
        return SendAck.newBuilder()
                .setClientMessageId(request.getClientMessageId())
                .setCode(codes[server.random.nextInt(codes.length)])
                .build();
    }

    private void answer(SendAck answer) {
        if (!server.faults.happens(30)) {
            toClient(() -> client.engine().answered(answer));
        }
    }

    void acknowledge(long id) {
        Delivered first = unacknowledged.poll();
        if (first == null || first.id() != id) {
            client.checker().violated("acknowledged out of order: " + id + ", not " + first);
            return;
        }
        if (first.ofInbox()) {
            client.checkStored(epoch, first.seq());
            acknowledgeInbox(first.seq());
        } else {
            data.largeCursor = Math.max(data.largeCursor, first.seq());
        }
        pump();
    }

    private void acknowledgeInbox(long seq) {
        data.cursor = Math.max(data.cursor, seq);
        while (ownInbox.contains(data.cursor + 1)) {
            data.cursor++;
        }
        data.acknowledged = Math.max(data.acknowledged, data.cursor);
        if (data == server.data()) {
            server.epochOfAcknowledgement = server.epochNumber();
        }
    }

    // --- Delivery ---------------------------------------------------------------------------------------------------

    void pump() {
        boolean more = alive && subscribed;
        while (more && unacknowledged.size() < WINDOW) {
            more = pumpInbox() | pumpStream();
        }
    }

    private boolean pumpInbox() {
        if (position + 1 < data.oldest) {
            position = data.oldest - 1;
            server.completeFrom(data, position);
            push(null, trimmed(data.oldest));
            return true;
        }
        if (position == data.head()) {
            return false;
        }
        position++;
        InboxEntry entry = data.inbox.get((int) position - 1);
        boolean begun = server.epochOfAcknowledgement == server.epochNumber() && data == server.data();
        if (ownInbox.contains(position)) {
            return true;
        }
        if (begun && server.faults.happens(10)) {
            hasDropped = true;
            return true;
        }
        push(null, entry);
        if (server.faults.happens(30)) {
            push(null, entry);
        }
        return true;
    }

    private boolean pumpStream() {
        List<Message> log = data.log(LARGE);
        long from = ModelServer.streamFrom(largePosition, log.size());
        if (from > largePosition + 1) {
            largePosition = from - 1;
            push(LARGE.id(), trimmed(from));
            return true;
        }
        if (largePosition == log.size()) {
            return false;
        }
        largePosition++;
        if (!ownLarge.contains(largePosition)) {
            Message message = log.get((int) largePosition - 1);
            push(
                    LARGE.id(),
                    InboxEntry.newBuilder()
                            .setSeq(largePosition)
                            .setMessage(message)
                            .build());
        }
        return true;
    }

    private static InboxEntry trimmed(long from) {
        return InboxEntry.newBuilder()
                .setSeq(from - 1)
                .setEvent(Event.newBuilder().setTrimmed(Trimmed.newBuilder().setFrom(from)))
                .build();
    }

    private void push(String group, InboxEntry entry) {
        Delivered delivered = new Delivered(++deliveries, group == null, entry.getSeq());
        unacknowledged.add(delivered);
        toClient(() -> client.delivered(this, delivered.id(), group, entry));
    }

    // --- Calls ------------------------------------------------------------------------------------------------------

    void call(MessageLite request) {
        if (server.faults.happens(10)) {
            cut();
            return;
        }
        boolean refused = server.faults.happens(40);
        Reply.Builder reply = Reply.newBuilder();
        if (request instanceof TimeRequest time) {
            reply.setRequestId(time.getRequestId());
            reply.setTime(TimeResult.newBuilder().setDataEpoch(epoch));
        } else if (request instanceof PullRequest pull) {
            reply.setRequestId(pull.getRequestId());
            if (!refused) {
                reply.setPull(pull(pull));
            }
        } else if (request instanceof ConversationsRequest list) {
            reply.setRequestId(list.getRequestId());
            reply.setConversations(list(list));
        } else if (request instanceof HistoryRequest history) {
            reply.setRequestId(history.getRequestId());
            reply.setHistory(history(history));
        }
        Reply answer = refused
                ? Reply.newBuilder()
                        .setRequestId(reply.getRequestId())
                        .setCode(Code.UNAVAILABLE)
                        .build()
                : reply.build();
        if (!server.faults.happens(20)) {
            toClient(() -> client.replied(answer));
        }
    }

    private PullResult pull(PullRequest request) {
        client.checkStored(epoch, request.getAfterSeq());
        if (request.getAfterSeq() > data.cursor) {
            acknowledgeInbox(request.getAfterSeq());
        }
        PullResult.Builder result = PullResult.newBuilder().setHeadSeq(data.head());
        long after = request.getAfterSeq();
        if (after + 1 < data.oldest) {
            after = data.oldest - 1;
            server.completeFrom(data, after);
            result.addEntries(trimmed(data.oldest));
        }
        for (long seq = after + 1; seq <= Math.min(data.head(), after + 3); seq++) {
            result.addEntries(data.inbox.get((int) seq - 1));
        }
        return result.build();
    }

    private ConversationsResult list(ConversationsRequest request) {
        ConversationsResult.Builder result = ConversationsResult.newBuilder();
        List<Conversation> list = ModelServer.list(data);
        if (request.getOnlyCount() > 0) {
            List<ConversationId> only = new ArrayList<>();
            for (Peer peer : request.getOnlyList()) {
                only.add(ConversationId.of(peer));
            }
            list.removeIf(one -> !only.contains(ConversationId.of(one.getPeer())));
            return result.addAllConversations(list).build();
        }
        int from = request.getPage().isEmpty() ? 0 : Integer.parseInt(request.getPage());
        int to = Math.min(list.size(), from + 2);
        result.addAllConversations(list.subList(Math.min(from, to), to));
        return result.setNext(to < list.size() ? String.valueOf(to) : "").build();
    }

    private HistoryResult history(HistoryRequest request) {
        List<Message> log = data.log(ConversationId.of(request.getPeer()));
        long below = request.getBeforeSeq() == 0 ? log.size() + 1 : request.getBeforeSeq();
        int to = (int) Math.min(log.size(), below - 1);
        int from = Math.max(0, to - request.getLimit());
        return HistoryResult.newBuilder()
                .addAllMessages(log.subList(from, Math.max(from, to)))
                .setHeadSeq(log.size())
                .build();
    }
}
