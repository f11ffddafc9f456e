package io.hongyan.im.app;

import io.hongyan.im.adapter.redis.ClusterMembership;
import io.hongyan.im.adapter.redis.NodeInfo;
import io.hongyan.im.adapter.redis.RedisOptions;
import io.hongyan.im.adapter.redis.RedisOptions.Address;
import io.hongyan.im.app.config.RedisSection;
import io.hongyan.im.app.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Creates this node's part in a cluster from settings. */
final class ClusterNode {
    private ClusterNode() {}

    /**
     * Redis need not be running.
     *
     * @param nodeId {@link NodeId}
     * @return null on a single node
     * @throws IOException the password cannot be read
     */
    static ClusterMembership redis(Settings settings, String nodeId, Clock clock) throws IOException {
        RedisSection redis = settings.cluster().redis();
        if (redis.isOff()) {
            return null;
        }
        NodeInfo self = new NodeInfo(
                NodeInfo.name(nodeId, clock.millis()), List.of(settings.role().toString()), Map.of(), 0, List.of());
        return new ClusterMembership(options(settings), self, clock, System::nanoTime, Thread::new);
    }

    private static RedisOptions options(Settings settings) throws IOException {
        RedisSection redis = settings.cluster().redis();
        return new RedisOptions(
                redis.mode(),
                redis.endpoints().stream()
                        .map(endpoint -> new Address(endpoint.host(), endpoint.port()))
                        .toList(),
                redis.master(),
                redis.hasPassword() ? redis.user() : null,
                redis.hasPassword() ? password(settings.dataDirectory().resolve(redis.passwordFile())) : null,
                redis.tls(),
                redis.database(),
                redis.prefix(),
                redis.limits());
    }

    private static String password(Path file) throws IOException {
        String password = Files.readString(file).strip();
        if (password.isEmpty()) {
            throw new IOException(file + " holds no password");
        }
        return password;
    }
}
