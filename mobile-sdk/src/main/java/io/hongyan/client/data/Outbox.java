package io.hongyan.client.data;

import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.SendAck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Messages on their way, in a lane for each conversation. The first of a lane is published and the next waits for its
 * answer, so that the order of the log is the order of writing whatever is refused or lost between. Lanes do not wait for
 * each other.
 */
final class Outbox {
    /** Messages that are published and not answered. */
    static final int WINDOW = 16;

    static final int ROWS_MAX = 10_000;
    static final int CONTENT_BYTES_MAX = 65_536;
    static final long ANSWER_MILLIS = 12_000;
    static final long EXPIRY_MILLIS = 24 * 3_600_000L;
    private static final Comparator<OutboxRow> PUBLISHED_FIRST = (one, other) -> one.published() == other.published()
            ? Long.compare(one.order(), other.order())
            : Boolean.compare(other.published(), one.published());

    private final String uid;
    private final Map<Long, OutboxRow> rows = new TreeMap<>();
    private final Map<String, Long> localIds = new HashMap<>();
    private final Map<ConversationId, Lane> lanes = new TreeMap<>();
    private int inFlight;

    /** Rows of one conversation that wait, by their order. */
    private static final class Lane {
        private final TreeMap<Long, OutboxRow> waiting = new TreeMap<>();
        private final Retry retry = new Retry();
        private boolean inFlight;
        private long answerBy;

        private OutboxRow first() {
            return waiting.firstEntry().getValue();
        }
    }

    Outbox(String uid, List<OutboxRow> stored) {
        this.uid = uid;
        for (OutboxRow row : stored) {
            keep(row);
        }
    }

    private void keep(OutboxRow row) {
        rows.put(row.localId(), row);
        localIds.put(row.clientMessageId(), row.localId());
        if (row.failure() == null) {
            Lane lane = lanes.get(row.conversation());
            if (lane == null) {
                lane = new Lane();
                lanes.put(row.conversation(), lane);
            }
            lane.waiting.put(row.order(), row);
        }
    }

    /** @throws IllegalArgumentException another message has this client message id */
    void queue(OutboxRow row, Step step) {
        if (localIds.containsKey(row.clientMessageId())) {
            throw new IllegalArgumentException("the client message id " + row.clientMessageId() + " is in use");
        }
        SendFailure failure = null;
        if (row.content().getSerializedSize() > CONTENT_BYTES_MAX) {
            failure = SendFailure.TOO_LARGE;
        } else if (rows.size() >= ROWS_MAX) {
            failure = SendFailure.OUTBOX_FULL;
        }
        if (failure != null) {
            step.tell(row, SendState.failed(failure, Code.OK));
            return;
        }
        keep(row);
        step.change().put(row);
        step.tell(row, SendState.QUEUED);
    }

    /** @return whether the message failed before and waits again, behind all others */
    boolean resend(long localId, long order, long wallMillis, Step step) {
        OutboxRow row = rows.get(localId);
        if (row == null || row.failure() == null) {
            return false;
        }
        OutboxRow again = row.queuedAgain(order, wallMillis);
        keep(again);
        step.change().put(again);
        step.tell(again, SendState.QUEUED);
        return true;
    }

    /** @return whether it was taken back; not once it may be in the log */
    boolean cancel(long localId, Step step) {
        OutboxRow row = rows.get(localId);
        if (row == null || row.published() && row.failure() != SendFailure.REFUSED) {
            return false;
        }
        remove(row, step);
        step.tell(row, SendState.CANCELLED);
        return true;
    }

    /**
     * An entry of a log: if it is a message of this outbox, that one is sent.
     *
     * @return its local id, 0 if it is none of them
     */
    long arrived(Message message, Step step) {
        OutboxRow row = message.getFrom().equals(uid) ? find(message.getClientMessageId()) : null;
        if (row == null || !row.conversation().equals(ConversationId.of(message, uid))) {
            return 0;
        }
        remove(row, step);
        step.tell(row, SendState.sent(message.getSeq()));
        return row.localId();
    }

    private void remove(OutboxRow row, Step step) {
        rows.remove(row.localId());
        localIds.remove(row.clientMessageId());
        leaveLane(row);
        step.change().done(row);
    }

    private void leaveLane(OutboxRow row) {
        Lane lane = lanes.get(row.conversation());
        if (lane == null) {
            return;
        }
        if (isInFlight(lane, row)) {
            landed(lane);
            lane.retry.succeeded();
        }
        lane.waiting.remove(row.order());
        if (lane.waiting.isEmpty()) {
            lanes.remove(row.conversation());
        }
    }

    private static boolean isInFlight(Lane lane, OutboxRow row) {
        return lane.inFlight && lane.first().localId() == row.localId();
    }

    private void landed(Lane lane) {
        lane.inFlight = false;
        inFlight--;
    }

    /** The row of this client message id; null if there is none. */
    OutboxRow find(String clientMessageId) {
        Long localId = localIds.get(clientMessageId);
        return localId == null ? null : rows.get(localId);
    }

    /** The server has refused a message. */
    void refused(SendAck answer, long elapsedMillis, Step step) {
        OutboxRow row = find(answer.getClientMessageId());
        Lane lane = row == null ? null : lanes.get(row.conversation());
        if (lane == null || !isInFlight(lane, row)) {
            return;
        }
        if (answer.getCode() == Code.RATE_LIMITED || answer.getCode() == Code.UNAVAILABLE) {
            landed(lane);
            lane.retry.failed(elapsedMillis);
            step.tell(row, SendState.QUEUED);
        } else {
            fail(row, SendFailure.REFUSED, answer.getCode(), step);
        }
    }

    private void fail(OutboxRow row, SendFailure failure, Code code, Step step) {
        OutboxRow failed = row.failed(failure, code);
        leaveLane(row);
        rows.put(failed.localId(), failed);
        step.change().put(failed);
        step.tell(failed, SendState.failed(failure, code));
    }

    /** Publishes what may be published: first what was published before and has no answer, then the oldest. */
    void transmit(long elapsedMillis, Step step) {
        List<OutboxRow> next = new ArrayList<>();
        for (Lane lane : lanes.values()) {
            if (!lane.inFlight && lane.retry.isDue(elapsedMillis)) {
                next.add(lane.first());
            }
        }
        Collections.sort(next, PUBLISHED_FIRST);
        for (OutboxRow row : next.subList(0, Math.min(next.size(), WINDOW - inFlight))) {
            transmit(row, elapsedMillis, step);
        }
    }

    private void transmit(OutboxRow row, long elapsedMillis, Step step) {
        Lane lane = lanes.get(row.conversation());
        OutboxRow published = row;
        if (!row.published()) {
            published = row.publishedNow();
            keep(published);
            step.change().put(published);
        }
        lane.inFlight = true;
        lane.answerBy = elapsedMillis + ANSWER_MILLIS;
        inFlight++;
        OutboxRow sent = published;
        step.then((connection, listener) -> connection.send(sent.request()));
        step.tell(sent, SendState.IN_FLIGHT);
    }

    /** Nothing that was published will be answered. */
    void disconnected(Step step) {
        for (Lane lane : lanes.values()) {
            if (lane.inFlight) {
                landed(lane);
                step.tell(lane.first(), SendState.QUEUED);
            }
        }
    }

    /** Whether an answer is missing for too long. */
    boolean isOverdue(long elapsedMillis) {
        for (Lane lane : lanes.values()) {
            if (lane.inFlight && lane.answerBy <= elapsedMillis) {
                return true;
            }
        }
        return false;
    }

    /** What could not be sent for a day is the user's to decide about. */
    void expire(long wallMillis, Step step) {
        List<OutboxRow> old = new ArrayList<>();
        for (Lane lane : lanes.values()) {
            for (OutboxRow row : lane.waiting.values()) {
                if (wallMillis - row.queuedAtMillis() >= EXPIRY_MILLIS && !isInFlight(lane, row)) {
                    old.add(row);
                }
            }
        }
        for (OutboxRow row : old) {
            fail(row, SendFailure.EXPIRED, Code.OK, step);
        }
    }

    /** Local ids of what is published and not answered. */
    List<Long> unanswered() {
        List<Long> ids = new ArrayList<>();
        for (Lane lane : lanes.values()) {
            if (lane.inFlight) {
                ids.add(lane.first().localId());
            }
        }
        return ids;
    }
}
