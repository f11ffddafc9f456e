package io.hongyan.broker.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes MQTT packets byte by byte, so that tests do not trust the codec they test. */
final class Wire {
    static final byte[] PINGREQ = {(byte) 0xC0, 0};
    static final byte[] DISCONNECT = {(byte) 0xE0, 0};
    static final byte[] NONE = {};

    static byte[] connect(int level, String clientId) {
        return new Connect(level, clientId).bytes();
    }

    static byte[] publish(int level, String topic, int qos, int id, byte[] payload) {
        return publish(level, topic, qos, id, payload, NONE, 0);
    }

    static byte[] publish(int level, String topic, int qos, int id, byte[] payload, byte[] properties, int flags) {
        Bytes body = new Bytes().string(topic);
        if (qos > 0) {
            body.u16(id);
        }
        if (level == 5) {
            body.variable(properties.length).raw(properties);
        }
        return packet(0x30 | qos << 1 | flags, body.raw(payload).bytes());
    }

    static byte[] subscribe(int level, int id, int qos, String... filters) {
        return subscribe(level, id, qos, NONE, filters);
    }

    static byte[] subscribe(int level, int id, int qos, byte[] properties, String... filters) {
        Bytes body = new Bytes().u16(id);
        if (level == 5) {
            body.variable(properties.length).raw(properties);
        }
        for (String filter : filters) {
            body.string(filter).u8(qos);
        }
        return packet(0x82, body.bytes());
    }

    static byte[] unsubscribe(int level, int id, String... filters) {
        Bytes body = new Bytes().u16(id);
        if (level == 5) {
            body.u8(0);
        }
        for (String filter : filters) {
            body.string(filter);
        }
        return packet(0xA2, body.bytes());
    }

    static byte[] acknowledge(int type, int id) {
        return packet(type << 4 | (type == 6 ? 2 : 0), new Bytes().u16(id).bytes());
    }

    static byte[] packet(int first, byte[] body) {
        return new Bytes().u8(first).variable(body.length).raw(body).bytes();
    }

    static byte[] join(byte[]... parts) {
        Bytes all = new Bytes();
        for (byte[] part : parts) {
            all.raw(part);
        }
        return all.bytes();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A CONNECT with what a test wants to say. */
    static final class Connect {
        private final int level;
        private final String clientId;
        private boolean clean = true;
        private int keepAlive = 60;
        private String user = "alice";
        private String password = "secret";
        private String willTopic;
        private int willQos;
        private boolean willRetain;
        private byte[] properties = NONE;
        private byte[] willProperties = NONE;

        Connect(int level, String clientId) {
            this.level = level;
            this.clientId = clientId;
        }

        Connect clean(boolean value) {
            clean = value;
            return this;
        }

        Connect keepAlive(int seconds) {
            keepAlive = seconds;
            return this;
        }

        Connect user(String name, String secret) {
            user = name;
            password = secret;
            return this;
        }

        Connect will(String topic, int qos) {
            willTopic = topic;
            willQos = qos;
            return this;
        }

        Connect willRetain() {
            willRetain = true;
            return this;
        }

        Connect willProperties(byte[] value) {
            willProperties = value;
            return this;
        }

        Connect properties(byte[] value) {
            properties = value;
            return this;
        }

        byte[] bytes() {
            int flags = (clean ? 2 : 0) | (user == null ? 0 : 0x80) | (password == null ? 0 : 0x40);
            if (willTopic != null) {
                flags |= 4 | willQos << 3 | (willRetain ? 0x20 : 0);
            }
            Bytes body = new Bytes().string("MQTT").u8(level).u8(flags).u16(keepAlive);
            if (level == 5) {
                body.variable(properties.length).raw(properties);
            }
            body.string(clientId);
            if (willTopic != null) {
                if (level == 5) {
                    body.variable(willProperties.length).raw(willProperties);
                }
                body.string(willTopic).string("gone");
            }
            if (user != null) {
                body.string(user);
            }
            if (password != null) {
                body.string(password);
            }
            return packet(0x10, body.bytes());
        }
    }

    /** A growing array. */
    static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes u8(int value) {
            out.write(value);
            return this;
        }

        Bytes u16(int value) {
            return u8(value >>> 8).u8(value);
        }

        Bytes u32(long value) {
            return u16((int) (value >>> 16)).u16((int) value);
        }

        Bytes variable(int value) {
            int rest = value;
            while (rest > 127) {
                u8(rest & 127 | 128);
                rest >>>= 7;
            }
            return u8(rest);
        }

        Bytes string(String text) {
            byte[] utf8 = text(text);
            return u16(utf8.length).raw(utf8);
        }

        Bytes raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    private Wire() {}
}
