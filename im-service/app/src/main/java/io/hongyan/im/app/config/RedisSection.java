package io.hongyan.im.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Redis, where several nodes become one system. */
public record RedisSection(
        @Setting(
                "Servers, `HOST:PORT` with commas between, or `off`: the server, the sentinels, or some nodes of a Redis"
                        + " Cluster. The same on all nodes, which then are one system.")
        String servers,

        @Setting("How Redis is run: `single`, `sentinel` or `cluster`.")
        Mode mode,

        @Setting("What the sentinels call the master.") String master,

        @Setting("As whom to log in.") String user,

        @Setting("A file with the password, in `data_directory` unless absolute; `off` = no password.")
        String passwordFile,

        @Setting("Talk to Redis over TLS.") boolean tls,

        @Setting(value = "Number of the database; 0 with a Redis Cluster.", max = 1_000)
        int database,

        @Setting("Begins every key and channel: the same on all nodes, another one for another system.")
        String prefix,

        @Setting(value = "How long connecting may take.", unit = "ms", min = 50, max = 1_000)
        int connectMillisMax,

        @Setting(value = "How long a command may take.", unit = "ms", min = 50, max = 1_000)
        int answerMillisMax,

        @Setting(value = "Connections for commands, to each server.", min = 2, max = 1_000)
        int connectionsMax) {
    static final String OFF = "off";

    static final RedisSection DEFAULT =
            new RedisSection(OFF, Mode.SINGLE, "main", "default", OFF, false, 0, "hongyan", 500, 500, 16);

    /** The ways to run Redis. */
    public enum Mode {
        SINGLE,
        SENTINEL,
        CLUSTER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

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

    /** Where it is; null for what is no address. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (String server : servers.split(",")) {
            all.add(Endpoint.parse(server.strip())
                    .filter(endpoint -> !endpoint.isOff() && endpoint.port() > 0)
                    .orElse(null));
        }
        return all;
    }

    public boolean hasPassword() {
        return !passwordFile.equals(OFF);
    }
}
