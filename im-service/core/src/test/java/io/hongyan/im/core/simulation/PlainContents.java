package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageChange.Edited;
import io.hongyan.im.core.send.MessageChange.Pinned;
import io.hongyan.im.core.send.MessageChange.Reacted;
import io.hongyan.im.core.send.MessageChange.ReactionsCounted;
import io.hongyan.im.core.send.MessageChange.Recalled;
import io.hongyan.im.core.send.MessageContents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Contents as text, for tests without protobuf. {@code >7>excerpt>text} answers message 7, {@code #text} cannot be edited,
 * {@code !edited 7 text} is an edit of message 7, and so on.
 */
public final class PlainContents implements MessageContents {
    private static final int PARTS = 3;

    public static byte[] answer(long seq, String excerpt, String text) {
        return bytes(">" + seq + '>' + excerpt + '>' + text);
    }

    @Override
    public byte[] encode(MessageChange change) {
        return bytes("!" + word(change) + ' ' + change.targetSeq() + ' ' + rest(change));
    }

    private static String word(MessageChange change) {
        return change.getClass().getSimpleName();
    }

    private static String rest(MessageChange change) {
        if (change instanceof Edited edited) {
            return text(edited.content());
        } else if (change instanceof Reacted reacted) {
            return (reacted.removed() ? "-" : "+") + reacted.emoji();
        } else if (change instanceof Pinned pinned) {
            return Boolean.toString(pinned.pinned());
        } else if (change instanceof ReactionsCounted counted) {
            return counted.counts().stream()
                    .map(one -> one.emoji() + '=' + one.count())
                    .collect(Collectors.joining(","));
        }
        return "";
    }

    /** What an entry changes, null for a message; of an edit as it stands. */
    public MessageChange changeIn(byte[] content) {
        String text = text(content);
        if (!text.startsWith("!")) {
            return null;
        }
        String[] parts = text.substring(1).split(" ", PARTS);
        long target = Long.parseLong(parts[1]);
        String rest = parts[2];
        return switch (parts[0]) {
            case "Edited" -> new Edited(target, bytes(rest), quoted(rest));
            case "Reacted" -> new Reacted(target, rest.substring(1), rest.startsWith("-"));
            case "Pinned" -> new Pinned(target, Boolean.parseBoolean(rest));
            case "ReactionsCounted" -> new ReactionsCounted(target, counts(rest));
            case "Recalled" -> new Recalled(target);
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static List<ReactionCount> counts(String text) {
        return Stream.of(text.split(","))
                .filter(one -> !one.isEmpty())
                .map(one -> one.split("="))
                .map(one -> new ReactionCount(one[0], Integer.parseInt(one[1])))
                .toList();
    }

    @Override
    public boolean mayReplace(byte[] present, byte[] edited) {
        return !text(present).startsWith("#") && !text(edited).startsWith("#");
    }

    @Override
    public byte[] withoutCopyOf(long seq, byte[] content) {
        if (changeIn(content) instanceof Edited edited) {
            byte[] inner = edited.targetSeq() == seq ? new byte[0] : withoutCopyOf(seq, edited.content());
            return inner == edited.content() ? content : encode(new Edited(edited.targetSeq(), inner, 0));
        }
        String text = text(content);
        return quoted(text) == seq ? answer(seq, "", text.substring(text.lastIndexOf('>') + 1)) : content;
    }

    /** The part in brackets of what a content says itself, without excerpts; empty if there is none. */
    static String token(byte[] content) {
        String text = text(content);
        String own = text.startsWith("!") ? "" : text.substring(text.lastIndexOf('>') + 1);
        return own.startsWith("(") ? own.substring(0, own.indexOf(')') + 1) : "";
    }

    /** The number of the message that a text answers, 0 = none. */
    static long quoted(String text) {
        return text.startsWith(">") ? Long.parseLong(text.substring(1, text.indexOf('>', 1))) : 0;
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
