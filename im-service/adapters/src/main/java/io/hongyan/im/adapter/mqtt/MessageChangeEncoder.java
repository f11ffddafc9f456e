package io.hongyan.im.adapter.mqtt;

import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageContents;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Content.BodyCase;
import io.hongyan.protocol.v1.MessageChange.Edited;
import io.hongyan.protocol.v1.MessageChange.Nothing;
import io.hongyan.protocol.v1.MessageChange.Reaction;
import io.hongyan.protocol.v1.MessageChange.ReactionCounts;
import java.util.Set;

/** Writes the changes of messages as clients read them, and knows what of a content is of another message. */
public final class MessageChangeEncoder implements MessageContents {
    /** The first number of bodies that applications define. */
    private static final int OWN_BODIES_FROM = 1_000;

    private static final int OWN_BODIES_TO = 1_999;

    @Override
    public byte[] encode(MessageChange change) {
        return Content.newBuilder().setChange(toWire(change)).build().toByteArray();
    }

    private static io.hongyan.protocol.v1.MessageChange.Builder toWire(MessageChange change) {
        var encoded = io.hongyan.protocol.v1.MessageChange.newBuilder().setTargetSeq(change.targetSeq());
        if (change instanceof MessageChange.Recalled) {
            encoded.setRecalled(Nothing.getDefaultInstance());
        } else if (change instanceof MessageChange.Edited edited) {
            encoded.setEdited(Edited.newBuilder().setContent(EntryEncoder.content(edited.content())));
        } else if (change instanceof MessageChange.Reacted reacted) {
            encoded.setReaction(Reaction.newBuilder().setEmoji(reacted.emoji()).setRemoved(reacted.removed()));
        } else if (change instanceof MessageChange.Pinned pinned) {
            encoded.setPinned(pinned.pinned());
        } else if (change instanceof MessageChange.ReactionsCounted counted) {
            encoded.setReactionCounts(counts(counted));
        }
        return encoded;
    }

    private static ReactionCounts.Builder counts(MessageChange.ReactionsCounted counted) {
        ReactionCounts.Builder counts = ReactionCounts.newBuilder();
        for (ReactionCount one : counted.counts()) {
            counts.addCounts(io.hongyan.protocol.v1.ReactionCount.newBuilder()
                    .setEmoji(one.emoji())
                    .setCount(one.count()));
        }
        return counts;
    }

    /** Text, custom of the same type, or the same bodies of an application. */
    @Override
    public boolean mayReplace(byte[] present, byte[] edited) {
        Content before = EntryEncoder.content(present);
        Content after = EntryEncoder.content(edited);
        if (before.getBodyCase() != after.getBodyCase()) {
            return false;
        }
        return switch (before.getBodyCase()) {
            case TEXT -> true;
            case CUSTOM -> before.getCustom().getType().equals(after.getCustom().getType());
            case BODY_NOT_SET ->
                !ownBodies(before).isEmpty() && ownBodies(before).equals(ownBodies(after));
            default -> false;
        };
    }

    private static Set<Integer> ownBodies(Content content) {
        Set<Integer> numbers = content.getUnknownFields().asMap().keySet();
        return numbers.stream().allMatch(number -> number >= OWN_BODIES_FROM && number <= OWN_BODIES_TO)
                ? numbers
                : Set.of();
    }

    @Override
    public byte[] withoutCopyOf(long seq, byte[] content) {
        Content before = EntryEncoder.content(content);
        Content after = without(seq, before);
        return after == before ? content : after.toByteArray();
    }

    private static Content without(long seq, Content content) {
        if (content.getBodyCase() == BodyCase.CHANGE && content.getChange().hasEdited()) {
            Content inner = content.getChange().getEdited().getContent();
            Content rest =
                    content.getChange().getTargetSeq() == seq ? Content.getDefaultInstance() : without(seq, inner);
            if (rest == inner) {
                return content;
            }
            Content.Builder changed = content.toBuilder();
            if (rest.equals(Content.getDefaultInstance())) {
                changed.getChangeBuilder().getEditedBuilder().clearContent();
            } else {
                changed.getChangeBuilder().getEditedBuilder().setContent(rest);
            }
            return changed.build();
        }
        if (content.getReplyTo().getSeq() != seq
                || content.getReplyTo().getExcerpt().isEmpty()) {
            return content;
        }
        Content.Builder changed = content.toBuilder();
        changed.getReplyToBuilder().clearExcerpt();
        return changed.build();
    }
}
