package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** RocketMQ as sink of the feed. */
public record RocketMqSettings(
        @Setting(
                value = "Name servers, `HOST:PORT` with semicolons between, or `off`. With `tls://` before the first"
                        + " one, name servers and brokers use TLS, with certificates of an authority that Java"
                        + " trusts.",
                defaultValue = "off")
        String nameServers,

        @Setting(value = "The topic of the feed.", defaultValue = "hongyan-feed")
        String feedTopic,

        @Setting(value = "Encoding of events: `protobuf` or `json`.", defaultValue = "protobuf")
        PayloadEncoding form,

        @Setting(value = "RocketMQ producer group of Hongyan.", defaultValue = "hongyan")
        String producerGroup,

        @Setting(value = "Time for RocketMQ to answer.", defaultValue = "3_000", unit = "ms", min = 100, max = 60_000)
        int sendTimeoutMillis,

        @Setting(value = "Take pushes from a topic.", defaultValue = "false")
        boolean pushEnabled,

        @Setting(value = "Topic with the pushes.", defaultValue = "hongyan-push")
        String pushTopic,

        @Setting(
                value = "Consumer group that reads `rocketmq.push_topic`, the same on all nodes.",
                defaultValue = "hongyan-push")
        String pushGroup,

        @Setting(
                value = "Largest message body in `rocketmq.push_topic`.",
                defaultValue = "1_048_576",
                unit = "bytes",
                min = 1024,
                max = 64 << 20)
        int pushBytesMax,

        @Setting(
                value = "Messages of `rocketmq.push_topic` that are read ahead.",
                defaultValue = "256",
                min = 1,
                max = 100_000)
        int pushWaitingMax) {
    static final String OFF = "off";
    private static final String TLS = "tls://";

    /** The encodings of the contract. */
    public enum PayloadEncoding {
        PROTOBUF,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        if (!isOff() && !nameServers.matches("(tls://)?[^\\s:;,]+:[0-9]{1,5}(;[^\\s:;,]+:[0-9]{1,5})*")) {
            found.add("rocketmq.name_servers takes HOST:PORT, more of them with semicolons between, or off");
        }
        for (String name : List.of(feedTopic, producerGroup, pushTopic, pushGroup)) {
            if (!name.matches("[A-Za-z0-9_%|-]{1,127}")) {
                found.add("rocketmq: topics and groups have up to 127 letters, digits, % | _ or -; '" + name
                        + "' is not one");
            }
        }
        if (pushEnabled && isOff()) {
            found.add("rocketmq.push_enabled needs rocketmq.name_servers");
        }
        if (pushEnabled && pushTopic.equals(feedTopic)) {
            found.add("rocketmq.push_topic and rocketmq.feed_topic cannot be the same");
        }
        return found;
    }

    /** The name servers as the client library expects them. */
    public String addresses() {
        return tls() ? nameServers.substring(TLS.length()) : nameServers;
    }

    public boolean tls() {
        return nameServers.startsWith(TLS);
    }

    public boolean isOff() {
        return nameServers.equals(OFF);
    }
}
