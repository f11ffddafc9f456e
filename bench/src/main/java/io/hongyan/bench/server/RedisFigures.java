package io.hongyan.bench.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Redis's own measurements. */
final class RedisFigures {
    private static final int MILLIS_MAX = 10_000;
    private static final String CALLS_OF = "cmdstat_";

    private final String host;
    private final int port;

    /**
     * Its counters since its start.
     *
     * @param calls how often each command was called, by its name in small letters; INFO left out
     * @param bytes received and sent
     */
    record Reading(Map<String, Long> calls, long bytes) {
        long commands() {
            return calls.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    RedisFigures(String host, int port) {
        this.host = host;
        this.port = port;
    }

    Reading read() {
        Map<String, Long> calls = new TreeMap<>();
        long bytes = 0;
        for (String line : info().split("\r\n")) {
            String value = line.substring(line.indexOf(':') + 1);
            if (line.startsWith(CALLS_OF) && !line.startsWith(CALLS_OF + "info:")) {
                String name = line.substring(CALLS_OF.length(), line.indexOf(':'));
                calls.put(name, Long.parseLong(value.substring("calls=".length(), value.indexOf(','))));
            } else if (line.startsWith("total_net_input_bytes:") || line.startsWith("total_net_output_bytes:")) {
                bytes += Long.parseLong(value);
            }
        }
        return new Reading(calls, bytes);
    }

    private String info() {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(MILLIS_MAX);
            socket.getOutputStream().write("INFO everything\r\n".getBytes(StandardCharsets.US_ASCII));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            StringBuilder head = new StringBuilder();
            for (int next = in.readByte(); next != '\n'; next = in.readByte()) {
                head.append((char) next);
            }
            if (head.charAt(0) != '$') {
                throw new IOException("Redis answered " + head);
            }
            byte[] text = new byte[Integer.parseInt(head.substring(1).trim())];
            in.readFully(text);
            return new String(text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Redis tells no figures", e);
        }
    }
}
