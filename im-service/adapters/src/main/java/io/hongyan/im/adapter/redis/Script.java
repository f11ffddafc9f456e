package io.hongyan.im.adapter.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** A Lua script, which is sent to Redis once and then called by its hash. */
final class Script {
    private final String source;
    private final String hash;

    private Script(String source) {
        this.source = source;
        this.hash = hashOf(source);
    }

    /** The script of that name among the resources. */
    static Script named(String name) {
        try (InputStream file = Script.class.getResourceAsStream("/redis/" + name + ".lua")) {
            return new Script(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    String hash() {
        return hash;
    }

    String source() {
        return source;
    }

    Object run(UnifiedJedis redis, List<String> keys, List<String> arguments) {
        try {
            return redis.evalsha(hash, keys, arguments);
        } catch (JedisNoScriptException unknown) {
            return redis.eval(source, keys, arguments);
        }
    }

    private static String hashOf(String source) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
