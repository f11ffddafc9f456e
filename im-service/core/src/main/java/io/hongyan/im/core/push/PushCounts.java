package io.hongyan.im.core.push;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a push has come.
 *
 * @param recipients users gone through
 * @param stored of them, those in whose inbox it stands
 * @param online those to whom a notice was written
 * @param offline those who took no notices
 * @param unknown those who do not exist
 * @param offlineUids the first of those, up to a limit
 * @param unknownUids likewise
 */
public record PushCounts(
        long recipients,
        long stored,
        long online,
        long offline,
        long unknown,
        List<String> offlineUids,
        List<String> unknownUids) {
    public static final PushCounts NOTHING = new PushCounts(0, 0, 0, 0, 0, List.of(), List.of());

    public PushCounts {
        offlineUids = List.copyOf(offlineUids);
        unknownUids = List.copyOf(unknownUids);
    }

    /** @param listedMax uids listed of each sort */
    PushCounts plus(PushCounts more, int listedMax) {
        return new PushCounts(
                recipients + more.recipients,
                stored + more.stored,
                online + more.online,
                offline + more.offline,
                unknown + more.unknown,
                joined(offlineUids, more.offlineUids, listedMax),
                joined(unknownUids, more.unknownUids, listedMax));
    }

    private static List<String> joined(List<String> first, List<String> more, int max) {
        if (more.isEmpty() || first.size() >= max) {
            return first;
        }
        List<String> all = new ArrayList<>(first);
        all.addAll(more.subList(0, Math.min(more.size(), max - first.size())));
        return all;
    }
}
