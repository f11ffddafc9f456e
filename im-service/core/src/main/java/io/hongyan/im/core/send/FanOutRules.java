package io.hongyan.im.core.send;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupRules;
import io.hongyan.im.core.send.FanOutLog.Marker;
import java.util.List;

/**
 * Which markers one step of the fan-out serves, and whom each entry goes to next: the one algorithm of {@link
 * FanOutLog#advance}. Pure, like {@link AppendRules}: a storage knows markers and members, and writes inbox rows and
 * progress. No state; safe for many threads.
 */
public final class FanOutRules {
    /** Of larger groups the members are read in pages, and not kept in memory. */
    static final int LISTED_MEMBERS_MAX = 5_000;

    /**
     * Who is and was in a group. Each list is by rising uid, as strings compare.
     *
     * @param <R> a user as the storage knows them
     * @param <E> what reading may throw
     */
    public interface Members<R, E extends Exception> {
        String uid(R user);

        /** All who are in it now; asked only where they are few. */
        List<R> present() throws E;

        /** The first of those who were in it at an entry, above a uid. */
        List<R> at(long seq, String aboveUid, int limit) throws E;

        /** The first of those whom an entry has added or removed, above a uid. */
        List<R> changed(long seq, String aboveUid, int limit) throws E;
    }

    /**
     * Some recipients of one entry.
     *
     * @param last whether there are none after these
     */
    public record Page<R>(List<R> recipients, boolean last) {
        /** @param found one more than asked for, if there are so many */
        public static <R> Page<R> of(List<R> found, int max) {
            boolean last = found.size() <= max;
            return new Page<>(last ? found : found.subList(0, max), last);
        }

        /** How much it counts, in recipients: an entry that has nobody left takes time too. */
        int cost() {
            return Math.max(1, recipients.size());
        }
    }

    /** The entries of one conversation, from the oldest open one on. */
    public interface Entries<E extends Exception> {
        /** Takes the next one for at most so many recipients; null where there is none that may be taken. */
        Page<?> take(int recipientsMax) throws E;
    }

    /** What is done for one marker. */
    public interface Turn<E extends Exception> {
        /** @return how much it was, in recipients */
        int serve(Marker marker, int recipientsMax) throws E;
    }

    /**
     * Whether a worker may take a marker.
     *
     * @param holder who took it last, null or empty where nobody has
     */
    public static boolean mayTake(String worker, String holder, long leaseUntilMillis, long nowMillis) {
        return holder == null || holder.equals(worker) || leaseUntilMillis <= nowMillis;
    }

    /** The next recipients of an entry of a group, above the uid of the last who has it, empty before the first. */
    public static <R, E extends Exception> Page<R> next(
            GroupInfo group, long seq, String progress, int recipientsMax, Members<R, E> members) throws E {
        // One more than asked for tells whether these are the last.
        int limit = recipientsMax + 1;
        if (!GroupRules.forEveryInbox(group, seq)) {
            return Page.of(members.changed(seq, progress, limit), recipientsMax);
        }
        // Nobody has come or gone since that entry: its recipients are those who are members now.
        boolean nobodyCameOrWent = seq > group.membersVersion();
        return Page.of(
                nobodyCameOrWent && group.memberCount() <= LISTED_MEMBERS_MAX
                        ? above(progress, members, limit)
                        : members.at(seq, progress, limit),
                recipientsMax);
    }

    private static <R, E extends Exception> List<R> above(String uid, Members<R, E> members, int limit) throws E {
        List<R> all = members.present();
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (members.uid(all.get(middle)).compareTo(uid) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return all.subList(low, Math.min(all.size(), low + limit));
    }

    /**
     * Takes entries of one conversation until the step is full or one has recipients left.
     *
     * @return how much it was, in recipients
     */
    public static <E extends Exception> int take(int recipientsMax, Entries<E> entries) throws E {
        int taken = 0;
        boolean goOn = true;
        while (goOn && taken < recipientsMax) {
            Page<?> page = entries.take(recipientsMax - taken);
            taken += page == null ? 0 : page.cost();
            goOn = page != null && page.last();
        }
        return taken;
    }

    /**
     * Gives markers their turn until the step is full.
     *
     * @return how many have had it, from the first on
     */
    public static <E extends Exception> int inTurn(List<Marker> markers, int recipientsMax, Turn<E> turn) throws E {
        int left = recipientsMax;
        int served = 0;
        while (left > 0 && served < markers.size()) {
            left -= turn.serve(markers.get(served), left);
            served++;
        }
        return served;
    }

    private FanOutRules() {}
}
