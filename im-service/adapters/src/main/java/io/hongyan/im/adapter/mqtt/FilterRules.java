package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.SubscriptionChange;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.Topics;
import java.util.ArrayList;
import java.util.List;

/** Decides which filters a client may hold: its own tree in one encoding, and the generic topics that are its to use. */
final class FilterRules {
    private static final int TOPIC_FILTER_INVALID = 0x8F;
    private static final int NO_SUBSCRIPTION_EXISTED = 0x11;
    private static final int MESSAGING_QOS_MAX = 1;

    private final TopicAccess access;
    private final MqttCounters counters;

    /** @param verdicts one per filter of the change, in order */
    record Changed(HeldFilters held, List<FilterVerdict> verdicts) {}

    FilterRules(TopicAccess access, MqttCounters counters) {
        this.access = access;
        this.counters = counters;
    }

    /** @param uid null for a client without messaging rights */
    Changed apply(String uid, HeldFilters before, SubscriptionChange change) {
        return change instanceof SubscriptionChange.Subscribe subscribe
                ? subscribe(uid, before, subscribe.filters())
                : unsubscribe(uid, before, ((SubscriptionChange.Unsubscribe) change).filters());
    }

    private Changed subscribe(String uid, HeldFilters before, List<GrantedFilter> wanted) {
        HeldFilters held = before;
        List<FilterVerdict> verdicts = new ArrayList<>(wanted.size());
        for (GrantedFilter filter : wanted) {
            FilterVerdict verdict = judge(uid, held, filter);
            if (verdict.accepted()) {
                GrantedFilter granted =
                        new GrantedFilter(filter.filter(), verdict.reasonCode(), filter.subscriptionId());
                held = HeldFilters.of(uid, held.with(granted));
            }
            verdicts.add(verdict);
        }
        return new Changed(held, verdicts);
    }

    private FilterVerdict judge(String uid, HeldFilters held, GrantedFilter wanted) {
        String filter = wanted.filter();
        if (uid == null || !HeldFilters.isOwn(uid, filter)) {
            return mayUseGeneric(uid, filter)
                    ? new FilterVerdict(wanted.qos())
                    : refused(MqttCounter.FILTERS_FOREIGN, FilterVerdict.NOT_AUTHORIZED.reasonCode());
        }
        PayloadEncoding encoding = PayloadEncoding.ofTopic(filter);
        if (!isWellFormed(
                encoding.strip(filter).substring(Topics.userPrefix(uid).length()))) {
            return refused(MqttCounter.FILTERS_MALFORMED, TOPIC_FILTER_INVALID);
        }
        if (held.encoding() != null && held.encoding() != encoding) {
            return refused(MqttCounter.FILTERS_FORM_MIXED, ErrorCode.FORM_MIXED.mqttReason());
        }
        return new FilterVerdict(Math.min(wanted.qos(), MESSAGING_QOS_MAX));
    }

    private boolean mayUseGeneric(String uid, String filter) {
        return !TopicAccess.isMessaging(filter)
                && (access == TopicAccess.OPEN || uid != null && filter.startsWith(access.genericPrefix(uid)));
    }

    private FilterVerdict refused(MqttCounter counter, int reasonCode) {
        counters.increment(counter);
        return new FilterVerdict(reasonCode);
    }

    private static Changed unsubscribe(String uid, HeldFilters before, List<String> unwanted) {
        HeldFilters held = before;
        List<FilterVerdict> verdicts = new ArrayList<>(unwanted.size());
        for (String filter : unwanted) {
            boolean missing = TopicAccess.isMessaging(filter) && !held.has(filter);
            verdicts.add(new FilterVerdict(missing ? NO_SUBSCRIPTION_EXISTED : 0));
            held = HeldFilters.of(uid, held.without(filter));
        }
        return new Changed(held, verdicts);
    }

    /** MQTT 5.0, section 4.7.1: wildcards fill a whole level, {@code #} the last one. */
    private static boolean isWellFormed(String filter) {
        String[] levels = filter.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            String level = levels[i];
            boolean wildcard = level.indexOf('+') >= 0 || level.indexOf('#') >= 0;
            if (wildcard && level.length() > 1 || level.equals("#") && i < levels.length - 1) {
                return false;
            }
        }
        return true;
    }
}
