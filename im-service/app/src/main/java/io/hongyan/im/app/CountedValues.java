package io.hongyan.im.app;

import io.hongyan.broker.hook.grpc.GateLinks;
import io.hongyan.broker.hook.grpc.LinkCounter;
import io.hongyan.broker.hook.grpc.NodeLink;
import io.hongyan.broker.server.BrokerServer;
import io.hongyan.im.adapter.auth.OpaqueTokens;
import io.hongyan.im.adapter.http.Metrics;
import io.hongyan.im.adapter.http.Readiness;
import io.hongyan.im.adapter.mqtt.MqttCounters;
import io.hongyan.im.adapter.push.WebhookHints;
import io.hongyan.im.adapter.redis.ClusterMembership;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.feed.FeedCounters;
import io.hongyan.im.core.send.MessagesFeature;
import io.hongyan.metrics.Counter;
import io.hongyan.metrics.Counters;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import java.nio.file.Path;
import java.util.Map;

/** Adds the counters of all parts to the metrics page. */
final class CountedValues {
    private final Metrics metrics;

    CountedValues(Metrics metrics) {
        this.metrics = metrics;
    }

    /** @param directory whose disk is watched */
    void ofProcess(Path directory) {
        BuildInfo build = BuildInfo.ofThisBuild();
        metrics.info("build", "What runs here", Map.of("version", build.version(), "commit", build.commit()));
        metrics.gauge(
                "disk_free_bytes",
                "Bytes free for this process on the disk of the data directory",
                () -> directory.toFile().getUsableSpace());
        metrics.gauge(
                "disk_size_bytes",
                "Size of the disk of the data directory",
                () -> directory.toFile().getTotalSpace());
        metrics.bind(new LogbackMetrics());
    }

    void of(Readiness readiness) {
        metrics.gauge(
                "ready",
                "1 while /ready answers 200, else 0",
                () -> readiness.obstacles().isEmpty() ? 1 : 0);
    }

    void of(ProcessStall processStall) {
        metrics.counter(
                "standstills_total",
                "Process stalls that were long enough for gates to go to another node",
                () -> processStall.epoch().number());
        metrics.gauge("standstill_longest_millis", "The longest process stall", processStall::longestMillis);
    }

    void of(Messaging messaging) {
        MessagesFeature messages = messaging.messages();
        of(messages.counters());
        of(messages.counters().changes());
        of(messages.deliveryCounters());
        of(messaging.receipts().counters());
        of(messaging.sessions().counters());
        of(messaging.hints().counters());
        of(messaging.push().counters());
        ofFeed(messaging.feed().counters());
        metrics.histogram(
                "messaging_delivery_seconds",
                "From the storing of a message to its acknowledgement by a connected device; sampled",
                messages.deliveryCounters().deliveryTimes);
        metrics.gauge(
                "feed_events_waiting",
                "Events that wait to be stored",
                () -> messaging.feed().eventWriter().waiting());
        metrics.gauge(
                "fan_out_waiting", "Messages to groups that wait for the fan-out", messages.fanOutBacklog()::waiting);
        metrics.gauge(
                "answers_held", "Answers to senders that wait for the fan-out", messages.fanOutBacklog()::answersHeld);
        metrics.gauge("hints_pending", "Users whose hint delay runs", messaging.hints()::pending);
        metrics.gauge(
                "sessions_open",
                "Sessions open now",
                () -> messaging.sessions().logins().openSessions());
        metrics.gauge(
                "data_epoch_since_seconds",
                "When the epoch of the data began, Unix time; 0 = with the installation",
                () -> messaging.data().current().sinceMillis() / 1_000.0);
        metrics.counter(
                "data_epoch_changes_total",
                "How often the data had another epoch",
                () -> messaging.data().changes());
        metrics.gauge("group_streams_open", "Streams of large groups that are sent now", messages::openGroupStreams);
        messaging.queues().byName().forEach((name, queue) -> {
            String label = "{queue=\"" + name + "\"}";
            metrics.gauge("work_waiting" + label, "Work that waits for its turn, by queue", queue::waiting);
            metrics.counter("work_done_total" + label, "Work done, by queue", queue::done);
            metrics.counter(
                    "work_refused_total" + label, "Work refused because too much waits, by queue", queue::refused);
            metrics.counter(
                    "work_waited_millis_total" + label,
                    "Time that work has waited, in total, by queue",
                    queue::waitedMillis);
        });
        metrics.gauge(
                "lane_waiting",
                "Messages that wait to be stored",
                () -> messages.lane().waiting());
    }

    private void ofFeed(FeedCounters feed) {
        of(feed);
        metrics.gauge("feed_events_behind", "Events of the feed that are not sent yet", feed::eventsBehind);
        metrics.gauge(
                "feed_oldest_age_millis", "Age of the oldest event of the feed not sent yet", feed::oldestAgeMillis);
        metrics.gauge("feed_partitions_held", "Partitions of the feed that this node sends", feed::partitionsHeld);
        metrics.gauge(
                "feed_partitions_failing", "Partitions of the feed whose last batch failed", feed::partitionsFailing);
    }

    private <C extends Enum<C> & Counter> void of(Counters<C> counters) {
        for (C counter : counters.all()) {
            metrics.counter(counter.metric(), counter.help(), () -> counters.value(counter));
        }
    }

    /** @param webhook null if there is none */
    void of(WebhookHints webhook) {
        if (webhook != null) {
            of(webhook.counters());
            metrics.gauge("webhook_waiting", "Hints that wait for the webhook", webhook::waiting);
        }
    }

    /** @param cluster null on a single node */
    void of(ClusterMembership cluster) {
        if (cluster == null) {
            return;
        }
        of(cluster.counters());
        metrics.gauge(
                "peer_lag_millis",
                "Age of what came last from another node, by the clocks of both",
                cluster.counters()::lagMillis);
        metrics.gauge("peer_waiting", "Notices that wait to be sent to other nodes", cluster::waiting);
        metrics.gauge(
                "cluster_nodes", "Nodes that are alive", () -> cluster.nodes().size());
        metrics.gauge("redis_away", "1 while Redis does not answer", () -> cluster.isAway() ? 1 : 0);
    }

    /** @param pushTopic null if there is none */
    void of(PushTopic pushTopic) {
        if (pushTopic != null) {
            metrics.gauge("push_topic_queues", "Queues of the push topic that this node reads", pushTopic::queues);
        }
    }

    void ofStorage(StorageCounters counters) {
        of(counters);
        counters.gauges()
                .forEach((name, now) -> metrics.value(
                        "storage_" + name,
                        "Storage: " + words(name),
                        () -> counters.gauges().get(name)));
        metrics.histogram(
                "storage_commit_seconds",
                "From the first statement of a transaction until it is durable",
                counters.commitTimes());
    }

    /** @param opaque null if no sign-on service is asked */
    void of(OpaqueTokens opaque) {
        if (opaque == null) {
            return;
        }
        metrics.gauge("sign_on_requests_open", "Requests to the sign-on service under way", opaque::underway);
        metrics.counter(
                "sign_on_requests_refused_total{reason=\"share\"}",
                "Tokens that the sign-on service was not asked about, by reason",
                opaque::refusedAsTooMany);
        metrics.counter(
                "sign_on_requests_refused_total{reason=\"away\"}",
                "Tokens that the sign-on service was not asked about, by reason",
                opaque::refusedAsAway);
    }

    void ofMqtt(MqttCounters counters) {
        of(counters);
        counters.forEachVersion((version, clients) -> metrics.gauge(
                "mqtt_clients{version=\"" + version + "\"}",
                "Clients with a session, by the version of the protocol that they name",
                clients::getAsLong));
    }

    /** @param broker null if no client connects to this process */
    void of(BrokerServer broker) {
        if (broker == null) {
            return;
        }
        of(broker.counters());
        metrics.histogram(
                "gate_publish_seconds",
                "From a PUBLISH at QoS 1 to its PUBACK with success",
                broker.counters().publishTimes());
        metrics.histogram(
                "gate_connect_seconds",
                "From a CONNECT to its CONNACK with success",
                broker.counters().connectTimes());
        metrics.gauge("draining", "1 while clients are moved away, else 0", () -> broker.drainPlan() == null ? 0 : 1);
        metrics.gauge("clients_connected", "Clients connected, or connecting", broker::clients);
        metrics.gauge(
                "gate_loop_lag_seconds", "How late the slowest event loop is", () -> broker.loopLagMillis() / 1_000.0);
        metrics.gauge(
                "gate_direct_memory_used_ratio",
                "Share of the direct memory that buffers hold",
                broker::directMemoryUsed);
        metrics.gauge("gate_retained_messages", "Retained messages", broker::retainedMessages);
        metrics.gauge("gate_retained_bytes", "Bytes of retained messages", broker::retainedBytes);
        metrics.gauge("gate_queued_bytes", "Bytes of messages that wait for sessions", broker::queuedBytes);
        metrics.gauge("handshakes_open", "Connections open now that are not logged in", broker::handshakes);
        metrics.gauge("connections_open", "Connections open now", broker::connections);
        metrics.gauge("network_memory_bytes", "Direct memory that Netty uses for packets", broker::networkMemoryBytes);
    }

    /** @param links null if no gates connect to this process */
    void of(GateLinks links, Counters<LinkCounter> counters) {
        if (links != null) {
            of(counters);
            metrics.gauge("link_gates", "Gates connected now", links::links);
            metrics.gauge("link_waiting_bytes", "Bytes that wait to be sent over links", links::waitingBytes);
        }
    }

    void of(NodeLink link, Counters<LinkCounter> counters) {
        of(counters);
        metrics.gauge("link_nodes_known", "Nodes that the gate knows", link::nodesKnown);
        metrics.gauge("link_up", "1 while the gate has a link to a node", () -> link.up() ? 1 : 0);
        metrics.gauge("link_waiting_bytes", "Bytes that wait to be sent over links", link::waitingBytes);
    }

    private static String words(String name) {
        return name.replaceAll("[{].*|_total$|_nanos|_millis", "").replace('_', ' ');
    }
}
