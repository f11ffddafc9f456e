package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.im.core.inbox.GroupSubscriptions;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.protocol.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The filters one connection holds and what they cover. Never changes: a change gives a new one. */
final class HeldFilters implements GroupSubscriptions {
    private static final String GROUP_LEVEL = "group";
    private static final String ALL_GROUPS = "+";

    /** No filter covers the topic. */
    static final int NONE = -1;

    static final HeldFilters EMPTY = new HeldFilters(List.of(), null, NONE, false, false, null, NONE, Map.of());

    private final List<GrantedFilter> filters;
    private final PayloadEncoding encoding;
    private final int inboxQos;
    private final boolean reply;
    private final boolean notice;
    private final String inboxTopic;
    /** Of a filter that covers all large groups. */
    private final int allGroupsQos;
    /** Of filters that cover one large group each. */
    private final Map<String, Integer> groupsQos;

    private HeldFilters(
            List<GrantedFilter> filters,
            PayloadEncoding encoding,
            int inboxQos,
            boolean reply,
            boolean notice,
            String inboxTopic,
            int allGroupsQos,
            Map<String, Integer> groupsQos) {
        this.filters = filters;
        this.encoding = encoding;
        this.inboxQos = inboxQos;
        this.reply = reply;
        this.notice = notice;
        this.inboxTopic = inboxTopic;
        this.allGroupsQos = allGroupsQos;
        this.groupsQos = groupsQos;
    }

    /**
     * @param uid null for a client without messaging rights
     * @param filters that were granted to it
     */
    static HeldFilters of(String uid, List<GrantedFilter> filters) {
        PayloadEncoding encoding = null;
        int inboxQos = NONE;
        boolean reply = false;
        boolean notice = false;
        int allGroupsQos = NONE;
        Map<String, Integer> groupsQos = new HashMap<>(0);
        for (GrantedFilter granted : filters) {
            if (uid == null || !isOwn(uid, granted.filter())) {
                continue;
            }
            encoding = PayloadEncoding.ofTopic(granted.filter());
            String below = encoding.strip(granted.filter())
                    .substring(Topics.userPrefix(uid).length());
            if (covers(below, "inbox")) {
                inboxQos = Math.max(inboxQos, granted.qos());
            }
            reply |= covers(below, "reply");
            notice |= covers(below, "notice");
            String group = groupOf(below);
            if (ALL_GROUPS.equals(group)) {
                allGroupsQos = Math.max(allGroupsQos, granted.qos());
            } else if (group != null) {
                groupsQos.merge(group, granted.qos(), Math::max);
            }
        }
        return new HeldFilters(
                List.copyOf(filters),
                encoding,
                inboxQos,
                reply,
                notice,
                inboxQos == NONE ? null : encoding.inbox(uid),
                allGroupsQos,
                Map.copyOf(groupsQos));
    }

    /** Whether the filter, in either encoding, lies in the user's own tree. */
    static boolean isOwn(String uid, String filter) {
        return PayloadEncoding.ofTopic(filter).strip(filter).startsWith(Topics.userPrefix(uid));
    }

    /** Whether a filter below the own tree matches a topic of one level there. */
    private static boolean covers(String below, String level) {
        if (below.equals("#")) {
            return true;
        }
        String first = below.endsWith("/#") ? below.substring(0, below.length() - 2) : below;
        return first.equals("+") || first.equals(level);
    }

    List<GrantedFilter> with(GrantedFilter added) {
        List<GrantedFilter> changed = without(added.filter());
        changed.add(added);
        return changed;
    }

    List<GrantedFilter> without(String filter) {
        List<GrantedFilter> changed = new ArrayList<>(filters);
        changed.removeIf(held -> held.filter().equals(filter));
        return changed;
    }

    boolean has(String filter) {
        return filters.stream().anyMatch(held -> held.filter().equals(filter));
    }

    List<GrantedFilter> all() {
        return filters;
    }

    /** As they are kept with a session. */
    List<KeptSession.Filter> kept() {
        return filters.stream()
                .map(filter -> new KeptSession.Filter(filter.filter(), filter.qos(), filter.subscriptionId()))
                .toList();
    }

    /** The encoding of the filters in the own tree, null where there are none. */
    PayloadEncoding encoding() {
        return encoding;
    }

    /** Granted quality of service of the inbox, or {@link #NONE}. */
    int inboxQos() {
        return inboxQos;
    }

    boolean coversInbox() {
        return inboxQos != NONE;
    }

    boolean coversReply() {
        return reply;
    }

    boolean coversNotice() {
        return notice;
    }

    /** Granted quality of service of the stream of a large group, or {@link #NONE}. */
    int groupQos(String group) {
        return groupsQos.isEmpty() ? allGroupsQos : Math.max(allGroupsQos, groupsQos.getOrDefault(group, NONE));
    }

    @Override
    public Subscription subscriptionTo(String group) {
        int qos = groupQos(group);
        return qos == NONE ? Subscription.NOTHING : qos == 0 ? Subscription.UNTRACKED : Subscription.TRACKED;
    }

    boolean coversGroups() {
        return allGroupsQos != NONE || !groupsQos.isEmpty();
    }

    boolean coversSameGroups(HeldFilters other) {
        return allGroupsQos == other.allGroupsQos && groupsQos.equals(other.groupsQos);
    }

    /** Which large group a filter below the own tree covers: {@link #ALL_GROUPS}, or one; null for none. */
    private static String groupOf(String below) {
        String[] levels = below.split("/", -1);
        boolean open = levels[levels.length - 1].equals("#");
        int named = open ? levels.length - 1 : levels.length;
        if (named == 0) {
            return ALL_GROUPS;
        }
        if (!levels[0].equals("+") && !levels[0].equals(GROUP_LEVEL)) {
            return null;
        }
        if (named == 1) {
            return open ? ALL_GROUPS : null;
        }
        return named > 2 ? null : levels[1].equals("+") ? ALL_GROUPS : levels[1];
    }

    /** The topic of its inbox, null where no filter covers it. */
    String inboxTopic() {
        return inboxTopic;
    }
}
