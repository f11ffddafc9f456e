package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.MessageChange;
import java.util.ArrayList;
import java.util.List;

/** What a message says, as a line of a history has it: its text, or what it changes of another message. */
final class Contents {
    private Contents() {}

    static String of(Message message) {
        return message.getContent().hasChange()
                ? of(message.getContent().getChange())
                : message.getContent().getText().getText();
    }

    private static String of(MessageChange change) {
        long target = change.getTargetSeq();
        return switch (change.getChangeCase()) {
            case RECALLED -> recalled(target);
            case EDITED ->
                edited(target, change.getEdited().getContent().getText().getText());
            case REACTION ->
                reacted(
                        target,
                        change.getReaction().getEmoji(),
                        change.getReaction().getRemoved());
            case PINNED -> pinned(target, change.getPinned());
            case REACTION_COUNTS ->
                counted(
                        target,
                        change.getReactionCounts().getCountsList().stream()
                                .map(one -> one.getEmoji() + '=' + one.getCount())
                                .toList());
            case CHANGE_NOT_SET -> change(target, "unknown", "");
        };
    }

    /** The same for the JSON form. */
    static String of(JsonNode message) {
        JsonNode change = message.path("content").path("change");
        if (change.isMissingNode()) {
            return message.path("content").path("text").path("text").asText();
        }
        long target = change.path("targetSeq").asLong();
        if (change.has("recalled")) {
            return recalled(target);
        } else if (change.has("edited")) {
            return edited(
                    target,
                    change.path("edited")
                            .path("content")
                            .path("text")
                            .path("text")
                            .asText());
        } else if (change.has("reaction")) {
            JsonNode reaction = change.path("reaction");
            return reacted(
                    target,
                    reaction.path("emoji").asText(),
                    reaction.path("removed").asBoolean());
        } else if (change.has("pinned")) {
            return pinned(target, change.path("pinned").asBoolean());
        }
        List<String> counts = new ArrayList<>();
        change.path("reactionCounts")
                .path("counts")
                .forEach(one -> counts.add(
                        one.path("emoji").asText() + '=' + one.path("count").asInt()));
        return counted(target, counts);
    }

    static String recalled(long target) {
        return change(target, HistoryEvent.RECALLED, "");
    }

    static String edited(long target, String text) {
        return change(target, HistoryEvent.EDITED, text);
    }

    static String reacted(long target, String emoji, boolean removed) {
        return change(target, HistoryEvent.REACTED, (removed ? "-" : "+") + emoji);
    }

    static String pinned(long target, boolean pinned) {
        return change(target, HistoryEvent.PINNED, Boolean.toString(pinned));
    }

    private static String counted(long target, List<String> counts) {
        return change(target, HistoryEvent.COUNTED, String.join(",", counts));
    }

    private static String change(long target, String kind, String what) {
        return HistoryEvent.CHANGE + kind + ' ' + target + ' ' + what;
    }
}
