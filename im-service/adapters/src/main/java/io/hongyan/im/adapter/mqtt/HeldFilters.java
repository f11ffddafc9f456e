package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.protocol.Topics;
import java.util.ArrayList;
import java.util.List;

/** The filters one connection holds and what they cover. Never changes: a change gives a new one. */
final class HeldFilters {
    /** No filter covers the topic. */
    static final int NONE = -1;

    static final HeldFilters EMPTY = new HeldFilters(List.of(), null, NONE, false, false, null);

    private final List<GrantedFilter> filters;
    private final Form form;
    private final int inboxQos;
    private final boolean reply;
    private final boolean notice;
    private final String inboxTopic;

    private HeldFilters(
            List<GrantedFilter> filters, Form form, int inboxQos, boolean reply, boolean notice, String inboxTopic) {
        this.filters = filters;
        this.form = form;
        this.inboxQos = inboxQos;
        this.reply = reply;
        this.notice = notice;
        this.inboxTopic = inboxTopic;
    }

    /**
     * @param uid null for a client without messaging rights
     * @param filters that were granted to it
     */
    static HeldFilters of(String uid, List<GrantedFilter> filters) {
        Form form = null;
        int inboxQos = NONE;
        boolean reply = false;
        boolean notice = false;
        for (GrantedFilter granted : filters) {
            if (uid == null || !isOwn(uid, granted.filter())) {
                continue;
            }
            form = Form.ofTopic(granted.filter());
            String below = form.strip(granted.filter())
                    .substring(Topics.userPrefix(uid).length());
            if (covers(below, "inbox")) {
                inboxQos = Math.max(inboxQos, granted.qos());
            }
            reply |= covers(below, "reply");
            notice |= covers(below, "notice");
        }
        return new HeldFilters(
                List.copyOf(filters), form, inboxQos, reply, notice, inboxQos == NONE ? null : form.inbox(uid));
    }

    /** Whether the filter, in either form, lies in the user's own tree. */
    static boolean isOwn(String uid, String filter) {
        return Form.ofTopic(filter).strip(filter).startsWith(Topics.userPrefix(uid));
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

    /** The form of the filters in the own tree, null where there are none. */
    Form form() {
        return form;
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

    /** The topic of its inbox, null where no filter covers it. */
    String inboxTopic() {
        return inboxTopic;
    }
}
