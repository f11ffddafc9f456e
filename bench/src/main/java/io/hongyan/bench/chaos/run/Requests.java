package io.hongyan.bench.chaos.run;

import com.google.protobuf.MessageLite;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.run.CrashPlan.DevicePlan;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.EditRequest;
import io.hongyan.protocol.v1.PinMessageRequest;
import io.hongyan.protocol.v1.ReactRequest;
import io.hongyan.protocol.v1.RecallRequest;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The changes of messages that a device asks for: each again on every new connection, until it is answered. */
final class Requests {
    private static final int SEEN_MAX = 64;
    private static final int PENDING_MAX = 8;
    /** One of so many changes recalls the newest own message. */
    private static final int NEWEST_PART = 4;

    private static final String[] EMOJI = {"👍", "❤️", "😂"};

    private final RandomGenerator random;
    /** So that no text of an edit is part of another: the checker looks for what was recalled. */
    private final String editor;

    private final String prefix;
    private final List<Target> seen = new ArrayList<>();
    /** The own message that was stored last; null if it was recalled. */
    private Target newest;

    private final Map<String, Request> pending = new LinkedHashMap<>();
    private long asked;

    /** A message that this device knows. */
    private record Target(String address, long seq, boolean own) {}

    /** @param change as {@link Contents} has it */
    record Request(byte[] topic, String address, String id, String change, byte[] payload) {}

    Requests(DevicePlan plan, RandomGenerator random) {
        this.random = random;
        this.editor = plan.clientId();
        this.prefix = plan.clientId().substring(plan.uid().length() + 1) + "-change-";
    }

    /** The device knows a message now. */
    void saw(String address, long seq, boolean own) {
        Target target = new Target(address, seq, own);
        newest = own ? target : newest;
        if (seen.size() < SEEN_MAX) {
            seen.add(target);
        } else {
            seen.set(random.nextInt(SEEN_MAX), target);
        }
    }

    int size() {
        return pending.size();
    }

    /** Something to ask for now; null if nothing is known, or too much waits for its answer. */
    Request next() {
        if (seen.isEmpty() || pending.size() >= PENDING_MAX) {
            return null;
        }
        String id = prefix + ++asked;
        Request request;
        // Those who are away, or are being killed, have not got it yet.
        if (newest != null && random.nextInt(NEWEST_PART) == 0) {
            request = recall(newest, id);
            newest = null;
        } else {
            request = compose(seen.get(random.nextInt(seen.size())), id);
        }
        pending.put(request.id, request);
        return request;
    }

    /** Everything without an answer, for a new connection. */
    List<Request> again() {
        return List.copyOf(pending.values());
    }

    /**
     * An answer has come.
     *
     * @return what it answers; null if that is answered already, or the server could not answer now
     */
    Request answered(Reply reply) {
        boolean later = reply.getCode() == Code.UNAVAILABLE || reply.getCode() == Code.RATE_LIMITED;
        return later ? null : pending.remove(reply.getRequestId());
    }

    private Request compose(Target target, String id) {
        int kind = random.nextInt(10);
        if (target.own && kind < 2) {
            return recall(target, id);
        } else if (target.own && kind < 6) {
            String text = "edit of " + editor + ' ' + asked + '.';
            return request(
                    Topics.CALL_EDIT,
                    target,
                    id,
                    Contents.edited(target.seq, text),
                    EditRequest.newBuilder()
                            .setRequestId(id)
                            .setPeer(HistoryNames.peer(target.address))
                            .setSeq(target.seq)
                            .setClientMessageId(id)
                            .setContent(Content.newBuilder()
                                    .setText(Text.newBuilder().setText(text)))
                            .build());
        } else if (kind == 9 && !target.address.startsWith(HistoryEvent.GROUP)) {
            boolean pinned = random.nextBoolean();
            return request(
                    Topics.CALL_PIN_MESSAGE,
                    target,
                    id,
                    Contents.pinned(target.seq, pinned),
                    PinMessageRequest.newBuilder()
                            .setRequestId(id)
                            .setPeer(HistoryNames.peer(target.address))
                            .setSeq(target.seq)
                            .setClientMessageId(id)
                            .setPinned(pinned)
                            .build());
        }
        String emoji = EMOJI[random.nextInt(EMOJI.length)];
        boolean removed = random.nextInt(3) == 0;
        return request(
                Topics.CALL_REACT,
                target,
                id,
                Contents.reacted(target.seq, emoji, removed),
                ReactRequest.newBuilder()
                        .setRequestId(id)
                        .setPeer(HistoryNames.peer(target.address))
                        .setSeq(target.seq)
                        .setClientMessageId(id)
                        .setEmoji(emoji)
                        .setRemoved(removed)
                        .build());
    }

    private static Request recall(Target target, String id) {
        return request(
                Topics.CALL_RECALL,
                target,
                id,
                Contents.recalled(target.seq),
                RecallRequest.newBuilder()
                        .setRequestId(id)
                        .setPeer(HistoryNames.peer(target.address))
                        .setSeq(target.seq)
                        .setClientMessageId(id)
                        .build());
    }

    private static Request request(String topic, Target target, String id, String change, MessageLite payload) {
        return new Request(topic.getBytes(StandardCharsets.UTF_8), target.address, id, change, payload.toByteArray());
    }
}
