package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.protocol.v1.GroupChange;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Users, groups and changes of groups as a history writes them. */
final class HistoryNames {
    private HistoryNames() {}

    /** A uid, or {@link HistoryEvent#GROUP} and a group's id. */
    static String of(Peer peer) {
        return peer.getKind() == Peer.Kind.GROUP ? HistoryEvent.GROUP + peer.getId() : peer.getId();
    }

    static Peer peer(String address) {
        return address.startsWith(HistoryEvent.GROUP)
                ? peer(Peer.Kind.GROUP, address.substring(HistoryEvent.GROUP.length()))
                : peer(Peer.Kind.DIRECT, address);
    }

    private static Peer peer(Peer.Kind kind, String id) {
        return Peer.newBuilder().setKind(kind).setId(id).build();
    }

    /** The same for the JSON form. */
    static String of(JsonNode peer) {
        String id = peer.path("id").asText();
        return peer.path("kind").asText().equals(Peer.Kind.GROUP.name()) ? HistoryEvent.GROUP + id : id;
    }

    /** The change that the message makes in its group; null if it is not a change. */
    static HistoryEvent.GroupChange change(Message message) {
        if (!message.getContent().hasGroupChange()) {
            return null;
        }
        GroupChange change = message.getContent().getGroupChange();
        return new HistoryEvent.GroupChange(
                change.getChangeCase().name().toLowerCase(Locale.ROOT), uids(change, message.getFrom()));
    }

    /** The same for the JSON form. */
    static HistoryEvent.GroupChange change(JsonNode message) {
        JsonNode change = message.path("content").path("groupChange");
        if (change.isMissingNode()) {
            return null;
        }
        String kind = change.fieldNames().next();
        List<String> uids = new ArrayList<>();
        switch (kind) {
            case "created" -> {
                uids.add(change.path(kind).path("owner").asText());
                change.path(kind).path("members").forEach(uid -> uids.add(uid.asText()));
            }
            case "joined", "left" -> uids.add(message.path("from").asText());
            default -> change.path(kind).path("uids").forEach(uid -> uids.add(uid.asText()));
        }
        return new HistoryEvent.GroupChange(snakeCase(kind), List.copyOf(uids));
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static List<String> uids(GroupChange change, String author) {
        return switch (change.getChangeCase()) {
            case CREATED -> {
                List<String> all = new ArrayList<>(List.of(change.getCreated().getOwner()));
                all.addAll(change.getCreated().getMembersList());
                yield all;
            }
            case ADDED -> List.copyOf(change.getAdded().getUidsList());
            case REMOVED -> List.copyOf(change.getRemoved().getUidsList());
            case JOINED, LEFT -> List.of(author);
            default -> List.of();
        };
    }
}
