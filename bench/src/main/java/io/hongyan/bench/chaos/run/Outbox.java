package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.run.CrashPlan.DevicePlan;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The messages of a device: new ones, sometimes one that was acknowledged before, and after each reconnect all
 * unacknowledged ones, in order and with the same ids.
 */
final class Outbox {
    static final int REMEMBERED_MAX = 64;
    /** The higher ones are those of {@link ReadMarks}. */
    static final int PACKET_ID_MAX = 65_000;

    private static final double REPEAT_PART = 0.03;
    private static final int LETTERS_IN_TEXT = 12;

    private final DevicePlan plan;
    private final RandomGenerator random;
    private final String idPrefix;
    /** By packet id, in the order of sending; at most the window. */
    private final Map<Integer, Letter> unacknowledged = new LinkedHashMap<>();
    /** Some acknowledged messages, to be sent again. */
    private final List<Letter> acknowledged = new ArrayList<>();

    private int lastPacketId;
    private long written;

    record Letter(int packetId, String to, String id, String text, byte[] payload) {}

    Outbox(DevicePlan plan, RandomGenerator random) {
        this.plan = plan;
        this.random = random;
        // Ids of different devices of a user differ, because together they identify a message.
        this.idPrefix = plan.clientId().substring(plan.uid().length() + 1) + '-';
    }

    int size() {
        return unacknowledged.size();
    }

    /** Messages to send now: some number up to the free part of the window. */
    List<Letter> burst() {
        int room = plan.window() - unacknowledged.size();
        List<Letter> letters = new ArrayList<>();
        for (int count = room == 0 ? 0 : 1 + random.nextInt(room); count > 0; count--) {
            Letter repeated = random.nextDouble() < REPEAT_PART ? anAcknowledged() : null;
            letters.add(keep(repeated == null ? compose() : repeated));
        }
        return letters;
    }

    /** Everything unacknowledged, in order, for a new connection. */
    List<Letter> again() {
        List<Letter> letters = List.copyOf(unacknowledged.values());
        unacknowledged.clear();
        return letters.stream().map(this::keep).toList();
    }

    /** Removes a message; null if none has that packet id. */
    Letter acknowledged(int packetId) {
        Letter letter = unacknowledged.remove(packetId);
        if (letter != null) {
            if (acknowledged.size() < REMEMBERED_MAX) {
                acknowledged.add(letter);
            } else {
                acknowledged.set(random.nextInt(REMEMBERED_MAX), letter);
            }
        }
        return letter;
    }

    /** Whom a message went to that waits, or of which it is remembered; else null. */
    String addressOf(String id) {
        return Stream.concat(unacknowledged.values().stream(), acknowledged.stream())
                .filter(letter -> letter.id().equals(id))
                .map(Letter::to)
                .findFirst()
                .orElse(null);
    }

    /**
     * The answer to an acknowledged message was a refusal: it is not repeated, because it might succeed another time.
     */
    void refused(String id) {
        acknowledged.removeIf(letter -> letter.id().equals(id));
    }

    private Letter anAcknowledged() {
        if (acknowledged.isEmpty()) {
            return null;
        }
        Letter letter = acknowledged.get(random.nextInt(acknowledged.size()));
        boolean underWay = unacknowledged.values().stream().anyMatch(l -> l.id().equals(letter.id()));
        return underWay ? null : letter;
    }

    private Letter compose() {
        String to = plan.peers().get(random.nextInt(plan.peers().size()));
        String id = idPrefix + ++written;
        StringBuilder text = new StringBuilder(LETTERS_IN_TEXT);
        for (int i = 0; i < LETTERS_IN_TEXT; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        SendRequest request = SendRequest.newBuilder()
                .setClientMessageId(id)
                .setTo(HistoryNames.peer(to))
                .setContent(Content.newBuilder().setText(Text.newBuilder().setText(text.toString())))
                .build();
        return new Letter(0, to, id, text.toString(), request.toByteArray());
    }

    /** Gives a message the next packet id and remembers it until it is acknowledged. */
    private Letter keep(Letter letter) {
        do {
            lastPacketId = lastPacketId == PACKET_ID_MAX ? 1 : lastPacketId + 1;
        } while (unacknowledged.containsKey(lastPacketId));
        Letter kept = new Letter(lastPacketId, letter.to(), letter.id(), letter.text(), letter.payload());
        unacknowledged.put(lastPacketId, kept);
        return kept;
    }
}
