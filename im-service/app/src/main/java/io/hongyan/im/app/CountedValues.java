package io.hongyan.im.app;

import io.hongyan.broker.hook.grpc.GateLinks;
import io.hongyan.broker.hook.grpc.HostLink;
import io.hongyan.broker.hook.grpc.LinkCounter;
import io.hongyan.broker.hook.grpc.LinkCounters;
import io.hongyan.broker.server.BrokerServer;
import io.hongyan.broker.server.GateCounter;
import io.hongyan.im.adapter.http.Metrics;
import io.hongyan.im.adapter.mqtt.MqttCounter;
import io.hongyan.im.adapter.mqtt.MqttCounters;
import io.hongyan.im.adapter.push.WebhookCounters;
import io.hongyan.im.adapter.push.WebhookHints;
import io.hongyan.im.adapter.redis.RedisCluster;
import io.hongyan.im.adapter.redis.RedisCounters;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.feed.FeedCounters;
import io.hongyan.im.core.hint.HintCounters;
import io.hongyan.im.core.metrics.MessagingCounters;
import io.hongyan.im.core.peer.Standstill;
import io.hongyan.im.core.push.PushCounters;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/** Puts the counters of all parts on the metrics page. */
final class CountedValues {
    private static final String TOTAL = "_total";

    private final Metrics metrics;

    CountedValues(Metrics metrics) {
        this.metrics = metrics;
    }

    void of(Standstill standstill) {
        metrics.counter(
                "standstills_total",
                "Times that this process stood still for so long that gates may have turned away",
                standstill::times);
        metrics.gauge(
                "standstill_longest_millis", "The longest time this process stood still", standstill::longestMillis);
    }

    void of(Messaging messaging) {
        MessagingCounters counters = messaging.counters();
        counters.forEach((name, now) ->
                metrics.counter("messaging_" + name, "Core: " + words(name), () -> value(counters::forEach, name)));
        HintCounters hints = messaging.hintCounters();
        hints.forEach((name, now) -> metrics.counter(name, "Hints: " + words(name), () -> value(hints::forEach, name)));
        PushCounters pushes = messaging.pushCounters();
        pushes.forEach(
                (name, now) -> metrics.counter(name, "Pushes: " + words(name), () -> value(pushes::forEach, name)));
        FeedCounters feed = messaging.feedCounters();
        feed.forEach((name, now) -> {
            if (name.endsWith(TOTAL)) {
                metrics.counter("feed_" + name, "Feed: " + words(name), () -> value(feed::forEach, name));
            } else {
                metrics.gauge("feed_" + name, "Feed: " + words(name), () -> value(feed::forEach, name));
            }
        });
        metrics.gauge(
                "feed_events_waiting",
                "Events that wait to be stored",
                () -> messaging.journal().waiting());
        metrics.gauge(
                "fan_out_waiting",
                "Messages to groups that wait to come to inboxes",
                messaging.fanOutBacklog()::waiting);
        metrics.gauge("answers_held", "Answers to senders that wait for that", messaging.fanOutBacklog()::answersHeld);
        metrics.gauge("hints_pending", "Users timed for a hint", messaging::hintsPending);
        metrics.gauge(
                "sessions_open", "Sessions open now", () -> messaging.sessions().openSessions());
        metrics.gauge("group_streams_open", "Streams of large groups that are pushed now", messaging::openGroupStreams);
        metrics.gauge(
                "lane_waiting",
                "Messages that wait to be stored",
                () -> messaging.lane().waiting());
    }

    /** @param webhook null where there is none */
    void of(WebhookHints webhook) {
        if (webhook != null) {
            WebhookCounters counters = webhook.counters();
            counters.forEach((name, now) ->
                    metrics.counter(name, "Hints: " + words(name), () -> value(counters::forEach, name)));
            metrics.gauge("webhook_waiting", "Hints that wait for the webhook", webhook::waiting);
        }
    }

    /** @param cluster null on a single node */
    void of(RedisCluster cluster) {
        if (cluster == null) {
            return;
        }
        RedisCounters counters = cluster.counters();
        counters.forEach((name, now) -> {
            String help = "Cluster: " + words(name);
            if (name.endsWith(TOTAL)) {
                metrics.counter(name, help, () -> value(counters::forEach, name));
            } else {
                metrics.gauge(name, help, () -> value(counters::forEach, name));
            }
        });
        metrics.gauge("peer_waiting", "Notices that wait to be told to other nodes", cluster::waiting);
        metrics.gauge("cluster_nodes", "Nodes that live", () -> cluster.nodes().size());
        metrics.gauge("redis_away", "1 while Redis does not answer", () -> cluster.isAway() ? 1 : 0);
    }

    /** @param pushTopic null where there is none */
    void of(PushTopic pushTopic) {
        if (pushTopic != null) {
            metrics.gauge("push_topic_queues", "Queues of the push topic that are read here", pushTopic::queues);
        }
    }

    private static long value(Consumer<ObjLongConsumer<String>> counters, String wanted) {
        long[] found = {0};
        counters.accept((name, value) -> {
            if (name.equals(wanted)) {
                found[0] = value;
            }
        });
        return found[0];
    }

    void of(StorageCounters counters) {
        counters.values().forEach((name, now) -> {
            String metric = "storage_" + name;
            String help = "Storage: " + words(name);
            if (name.endsWith(TOTAL)) {
                metrics.counter(metric, help, () -> counters.values().get(name));
            } else {
                metrics.gauge(metric, help, () -> counters.values().get(name));
            }
        });
    }

    void of(MqttCounters counters) {
        for (MqttCounter counter : MqttCounter.values()) {
            metrics.counter(counter.metric(), counter.help(), () -> counters.value(counter));
        }
    }

    /** @param broker null where no client connects to this process */
    void of(BrokerServer broker) {
        if (broker == null) {
            return;
        }
        for (GateCounter counter : GateCounter.values()) {
            metrics.counter(
                    counter.metric(), counter.help(), () -> broker.counters().value(counter));
        }
        metrics.gauge("draining", "1 while clients are moved away, else 0", () -> broker.drainPlan() == null ? 0 : 1);
        metrics.gauge("clients_connected", "Clients connected, or about to be", broker::clients);
        metrics.gauge("connections_open", "Connections open now", broker::connections);
    }

    /** @param links null where this process lets no gates in */
    void of(GateLinks links, LinkCounters counters) {
        if (links != null) {
            of(counters);
            metrics.gauge("link_gates", "Gates linked now", links::links);
            metrics.gauge("link_waiting_bytes", "Bytes that wait to be sent over links", links::waitingBytes);
        }
    }

    void of(HostLink link, LinkCounters counters) {
        of(counters);
        metrics.gauge("link_nodes_known", "Logic nodes that the gate may go to", link::nodesKnown);
        metrics.gauge("link_up", "1 while there is a logic node", () -> link.up() ? 1 : 0);
        metrics.gauge("link_waiting_bytes", "Bytes that wait to be sent over links", link::waitingBytes);
    }

    private void of(LinkCounters counters) {
        for (LinkCounter counter : LinkCounter.values()) {
            metrics.counter(counter.metric(), counter.help(), () -> counters.value(counter));
        }
    }

    private static String words(String name) {
        return (name.endsWith(TOTAL) ? name.substring(0, name.length() - TOTAL.length()) : name).replace('_', ' ');
    }
}
