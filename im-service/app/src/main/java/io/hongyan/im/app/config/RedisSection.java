package io.hongyan.im.app.config;

import io.hongyan.im.adapter.redis.RedisLimits;
import io.hongyan.im.adapter.redis.RedisOptions.Mode;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.util.ArrayList;
import java.util.List;

/** Redis, with which several nodes form one system. */
public record RedisSection(
        @Setting(
                value = "Redis servers, `HOST:PORT` with commas between, or `off`: the one server, the sentinels, or"
                        + " some nodes of a Redis Cluster. All Hongyan nodes with the same Redis form one system.",
                defaultValue = "off")
        String servers,

        @Setting(value = "How Redis is run: `single`, `sentinel` or `cluster`.", defaultValue = "single")
        Mode mode,

        @Setting(value = "Name of the master in the Sentinel configuration.", defaultValue = "main")
        String master,

        @Setting(value = "User name for Redis.", defaultValue = "default")
        String user,

        @Setting(
                value = "File with the password for Redis, in `data_directory` unless absolute; `off` = no password.",
                defaultValue = "off")
        String passwordFile,

        @Setting(value = "Use TLS to Redis.", defaultValue = "false")
        boolean tls,

        @Setting(value = "Number of the database; 0 with a Redis Cluster.", defaultValue = "0", max = 1_000)
        int database,

        @Setting(
                value = "Prefix of every key and channel: the same on all nodes of a system, different for each"
                        + " system.",
                defaultValue = "hongyan")
        String prefix,

        @InSection(".") RedisLimits limits) {
    static final String OFF = "off";

    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        if (!isOff() && endpoints().contains(null)) {
            found.add("redis.servers takes HOST:PORT, more of them with commas between, or off");
        }
        if (!isOff() && mode == Mode.SINGLE && servers.contains(",")) {
            found.add("redis.servers has more than one server: set redis.mode to sentinel or cluster");
        }
        if (mode == Mode.CLUSTER && database != 0) {
            found.add("redis.database must be 0 with a Redis Cluster");
        }
        if (!prefix.matches("[A-Za-z0-9_:.-]{1,64}")) {
            found.add("redis.prefix takes up to 64 letters, digits, and _ : . -");
        }
        return found;
    }

    public boolean isOff() {
        return servers.equals(OFF);
    }

    /** Its address; null if it is not a valid one. */
    public List<ListenAddress> endpoints() {
        List<ListenAddress> all = new ArrayList<>();
        for (String server : servers.split(",")) {
            all.add(ListenAddress.find(server.strip())
                    .filter(endpoint -> !endpoint.isOff() && endpoint.port() > 0)
                    .orElse(null));
        }
        return all;
    }

    public boolean hasPassword() {
        return !passwordFile.equals(OFF);
    }
}
