package io.hongyan.im.core.inbox;

import java.util.List;

/**
 * A part of an inbox as it stood at one moment.
 *
 * @param entries rising by seq without a gap, the first one follows the asked number or, where that was trimmed, is
 *     the oldest kept
 * @param headSeq highest number in the inbox, 0 for an empty one
 * @param oldestSeq lowest number still kept; {@code headSeq + 1} where nothing is
 */
public record InboxPage(List<Entry> entries, long headSeq, long oldestSeq) {}
