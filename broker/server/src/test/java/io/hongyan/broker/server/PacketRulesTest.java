package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectVerdict;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each packet of a client may contain in MQTT 3.1.1 and 5, and how the server answers one that contains something
 * else.
 */
@Timeout(60)
class PacketRulesTest {
    private static final int ALIVE = 0;
    private static final int CLOSED = -1;
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;

    private static final String PUBLISH = "PUBLISH";
    private static final String CONNECT = "CONNECT";
    private static final String WILL = "WILL";
    private static final String SUBSCRIBE = "SUBSCRIBE";
    private static final String UNSUBSCRIBE = "UNSUBSCRIBE";
    private static final String DISCONNECT = "DISCONNECT";
    private static final String AUTH = "AUTH";
    private static final List<String> ACKS = List.of("PUBACK", "PUBREC", "PUBREL", "PUBCOMP");
    private static final List<String> PLACES = List.of(
            CONNECT, WILL, PUBLISH, "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", SUBSCRIBE, UNSUBSCRIBE, DISCONNECT, AUTH);

    /** Table 2-4 of MQTT 5.0, as far as clients may send it, written down a second time: identifier, a valid value, places. */
    private static final List<Property> PROPERTIES = List.of(
            property(0x01, "01", PUBLISH, WILL),
            property(0x02, "00000005", PUBLISH, WILL),
            property(0x03, "000174", PUBLISH, WILL),
            property(0x08, "0003742f72", PUBLISH, WILL),
            property(0x09, "0002ff00", PUBLISH, WILL),
            property(0x0B, "01", SUBSCRIBE),
            property(0x11, "00000000", CONNECT, DISCONNECT),
            property(0x12, "000161"),
            property(0x13, "0001"),
            property(0x15, "00016d", CONNECT, AUTH),
            property(0x17, "01", CONNECT),
            property(0x18, "00000001", WILL),
            property(0x19, "01", CONNECT),
            property(0x1A, "000161"),
            property(0x1C, "000161"),
            property(0x1F, "000161", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", DISCONNECT, AUTH),
            property(0x21, "0001", CONNECT),
            property(0x22, "0001", CONNECT),
            property(0x24, "01"),
            property(0x25, "01"),
            property(0x26, "00016b000176", PLACES.toArray(String[]::new)),
            property(0x27, "00001000", CONNECT),
            property(0x28, "01"),
            property(0x29, "01"),
            property(0x2A, "01"));

    private static final List<String> NOT_TEXT = List.of(
            "00",
            "80",
            "c080",
            "c1bf",
            "e08080",
            "e09fbf",
            "eda080",
            "edbfbf",
            "f0808080",
            "f08fbfbf",
            "f4908080",
            "f5808080",
            "c2",
            "e282",
            "f09f98",
            "ff",
            "6100",
            "616161616161616100",
            "6161616161616161c0",
            "0061616161616161");

    private static TestHook hook;
    private static BrokerServer server;

    @BeforeAll
    static void start() {
        hook = new TestHook();
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "", true));
        server = Servers.start(Servers.config(), hook);
    }

    @AfterAll
    static void stop() {
        assertThat(server.healthy()).isTrue();
        server.close();
    }

    record Property(int id, byte[] value, List<String> places) {
        byte[] bytes() {
            return new Wire.Bytes().u8(id).raw(value).bytes();
        }
    }

    /**
     * @param answer code of DISCONNECT or CONNACK, {@link #ALIVE} or {@link #CLOSED}; MQTT 3.1.1 has none, so there a fault is
     *     {@link #CLOSED}
     */
    record Case(String name, int level, byte[] packet, int answer) {
        @Override
        public String toString() {
            return name + ", MQTT " + (level == 4 ? "3.1.1 " : "5 ")
                    + HexFormat.of().formatHex(packet);
        }
    }

    private static Property property(int id, String value, String... places) {
        return new Property(id, hex(value), List.of(places));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    // ---- properties

    static Stream<Case> eachPropertyInEachPacket() {
        List<Case> cases = new ArrayList<>();
        for (String place : PLACES) {
            for (Property property : PROPERTIES) {
                boolean allowed = property.places.contains(place);
                int good = alive(place);
                if (property.id == 0x15 && place.equals(CONNECT)) {
                    good = 0x8C;
                }
                String name = "property " + property.id + " in " + place;
                cases.add(of(name, place, property.bytes(), allowed ? good : MALFORMED));
                if (allowed) {
                    byte[] twice = Wire.join(property.bytes(), property.bytes());
                    cases.add(of(name + " twice", place, twice, property.id == 0x26 ? good : PROTOCOL_ERROR));
                    byte[] cut = new Wire.Bytes().u8(property.id).bytes();
                    cases.add(of(name + " without a value", place, cut, MALFORMED));
                }
            }
            for (int id : new int[] {0, 4, 0x0A, 0x10, 0x14, 0x20, 0x2B, 0x7F, 0x80, 0xFF}) {
                cases.add(of("unknown property " + id + " in " + place, place, new byte[] {(byte) id, 0}, MALFORMED));
            }
        }
        cases.add(of("a topic alias", PUBLISH, hex("230001"), 0x94));
        cases.add(of("a topic alias of 0", PUBLISH, hex("230000"), 0x94));
        cases.add(of("a subscription id from a client", PUBLISH, hex("0b01"), MALFORMED));
        cases.add(of("authentication data without method", CONNECT, hex("16000161"), PROTOCOL_ERROR));
        cases.add(of("authentication data with method", CONNECT, hex("15000161" + "16000161"), 0x8C));
        return cases.stream();
    }

    static Stream<Case> valuesThatAPropertyMayNotHave() {
        List<Case> cases = new ArrayList<>();
        Map<String, String> wrong = Map.of(
                "PUBLISH 0102", "payload format 2",
                "WILL 0102", "payload format 2",
                "SUBSCRIBE 0b00", "subscription id 0",
                "CONNECT 1702", "request problem information 2",
                "CONNECT 1902", "request response information 2",
                "CONNECT 210000", "receive maximum 0",
                "CONNECT 2700000000", "maximum packet size 0",
                "PUBLISH 08000123", "response topic with #",
                "PUBLISH 080003742f2b", "response topic with +",
                "WILL 080000", "empty response topic");
        wrong.forEach((what, name) -> {
            String[] parts = what.split(" ");
            cases.add(of(name + " in " + parts[0], parts[0], hex(parts[1]), PROTOCOL_ERROR));
        });
        cases.add(of("subscription id encoded too long", SUBSCRIBE, hex("0b8100"), MALFORMED));
        cases.add(of("subscription id of five bytes", SUBSCRIBE, hex("0bffffffff7f"), MALFORMED));
        cases.add(of("largest subscription id", SUBSCRIBE, hex("0bffffff7f"), ALIVE));
        cases.add(of("empty content type", PUBLISH, hex("030000"), ALIVE));
        cases.add(of("empty user property", PUBLISH, hex("2600000000"), ALIVE));
        return cases.stream();
    }

    static Stream<Case> textsThatAreNone() {
        List<Case> cases = new ArrayList<>();
        for (String text : NOT_TEXT) {
            byte[] bytes = hex(text);
            byte[] string = new Wire.Bytes().u16(bytes.length).raw(bytes).bytes();
            byte[] good = hex("000161");
            cases.add(of("content type " + text, PUBLISH, Wire.join(hex("03"), string), MALFORMED));
            cases.add(of("response topic " + text, PUBLISH, Wire.join(hex("08"), string), MALFORMED));
            cases.add(of("user property name " + text, SUBSCRIBE, Wire.join(hex("26"), string, good), MALFORMED));
            cases.add(of("user property value " + text, CONNECT, Wire.join(hex("26"), good, string), MALFORMED));
            cases.add(of("reason " + text, "PUBACK", Wire.join(hex("1f"), string), MALFORMED));
            cases.add(of("method " + text, CONNECT, Wire.join(hex("15"), string), MALFORMED));
            cases.add(of("will content type " + text, WILL, Wire.join(hex("03"), string), MALFORMED));
            for (int level : new int[] {4, 5}) {
                byte[] none = level == 5 ? new byte[1] : Wire.NONE;
                int fault = level == 5 ? MALFORMED : CLOSED;
                cases.add(new Case("topic " + text, level, Wire.packet(0x30, Wire.join(string, none)), fault));
                byte[] subscribe = Wire.join(hex("0001"), none, string, hex("00"));
                cases.add(new Case("filter " + text, level, Wire.packet(0x82, subscribe), fault));
                byte[] unsubscribe = Wire.join(hex("0001"), none, string);
                cases.add(new Case("filter to leave " + text, level, Wire.packet(0xA2, unsubscribe), fault));
                cases.add(connect("client id " + text, level, 2, Wire.join(string), fault));
                cases.add(connect("user name " + text, level, 0x82, Wire.join(good, string), fault));
                cases.add(connect("will topic " + text, level, 6, Wire.join(good, none, string, hex("0000")), fault));
            }
        }
        return cases.stream();
    }

    // ---- packets

    static Stream<Case> flagsOfTheFixedHeader() {
        List<Case> cases = new ArrayList<>();
        for (int level : new int[] {4, 5}) {
            for (int type = 0; type < 16; type++) {
                for (int flags = 0; flags < 16; flags++) {
                    if (type != 1 && !flagsAllowed(level, type, flags)) {
                        byte[] packet = Wire.packet(type << 4 | flags, soundBody(level, type, flags));
                        boolean known = type > 2 && type < 15 && type != 9 && type != 11 && type != 13;
                        int code = known || type == 15 && level == 5 ? MALFORMED : PROTOCOL_ERROR;
                        cases.add(fault("type " + type + " flags " + flags, level, packet, code));
                    }
                }
            }
            for (int flags = 1; flags < 16; flags++) {
                byte[] connect = Wire.connect(level, "flags");
                connect[0] |= (byte) flags;
                cases.add(new Case("CONNECT flags " + flags, level, connect, CLOSED));
            }
        }
        return cases.stream();
    }

    /** There is nothing else to refuse the packet for. */
    private static byte[] soundBody(int level, int type, int flags) {
        byte[] none = level == 5 ? new byte[1] : Wire.NONE;
        byte[] id = hex("0001");
        byte[] topic = hex("0003742f78");
        return switch (type) {
            case 3 -> (flags & 6) == 0 ? Wire.join(topic, none) : Wire.join(topic, id, none);
            case 4, 5, 6, 7 -> id;
            case 8 -> Wire.join(id, none, topic, hex("00"));
            case 10 -> Wire.join(id, none, topic);
            default -> Wire.NONE;
        };
    }

    /** Whether the first byte alone is no reason to refuse the packet. */
    private static boolean flagsAllowed(int level, int type, int flags) {
        return switch (type) {
            case 3 -> (flags & 6) != 6 && (flags & 14) != 8;
            case 4, 5, 7, 12, 14 -> flags == 0;
            case 6, 8, 10 -> flags == 2;
            case 15 -> level == 5 && flags == 0;
            default -> false;
        };
    }

    static Stream<Case> lengthsAndBodies() {
        List<Case> cases = new ArrayList<>();
        for (int level : new int[] {4, 5}) {
            byte[] none = level == 5 ? new byte[1] : Wire.NONE;
            for (String packet : List.of("8200", "a200", "4000", "5000", "6200", "7000", "3000", "820100", "400100")) {
                cases.add(fault("too short", level, hex(packet), MALFORMED));
            }
            cases.add(fault("PINGREQ with a body", level, hex("c00100"), MALFORMED));
            cases.add(fault("topic longer than the packet", level, hex("3004ffff7431"), MALFORMED));
            for (int type : new int[] {4, 5, 6, 7}) {
                int first = type << 4 | (type == 6 ? 2 : 0);
                cases.add(fault("id 0 in " + type, level, Wire.packet(first, hex("0000")), MALFORMED));
                int longer = level == 5 ? PROTOCOL_ERROR : CLOSED;
                cases.add(fault("third byte in " + type, level, Wire.packet(first, hex("000101")), longer));
                cases.add(new Case("plain " + type, level, Wire.packet(first, hex("0001")), ALIVE));
            }
            cases.add(fault("PUBLISH id 0", level, Wire.publish(level, "t/x", 1, 0, Wire.NONE), MALFORMED));
            cases.add(fault("SUBSCRIBE id 0", level, Wire.subscribe(level, 0, 1, "t/x"), MALFORMED));
            cases.add(fault("UNSUBSCRIBE id 0", level, Wire.unsubscribe(level, 0, "t/x"), MALFORMED));
            cases.add(fault("no filter", level, Wire.subscribe(level, 1, 1), PROTOCOL_ERROR));
            cases.add(fault("no filter to leave", level, Wire.unsubscribe(level, 1), PROTOCOL_ERROR));
            cases.add(fault("empty filter", level, Wire.subscribe(level, 1, 1, "t/x", ""), PROTOCOL_ERROR));
            cases.add(fault("empty filter to leave", level, Wire.unsubscribe(level, 1, "t/x", ""), PROTOCOL_ERROR));
            byte[] half = Wire.packet(0x82, Wire.join(hex("0001"), none, hex("0003742f78")));
            cases.add(fault("filter without options", level, half, MALFORMED));
            for (int options = 0; options < 256; options++) {
                int qos = options & 3;
                int answer = ALIVE;
                if (level == 4 && options > 2 || (options & 0xC0) != 0) {
                    answer = MALFORMED;
                } else if (qos == 3 || (options >> 4 & 3) == 3) {
                    answer = PROTOCOL_ERROR;
                }
                cases.add(fault("options " + options, level, Wire.subscribe(level, 1, options, "t/x"), answer));
            }
        }
        cases.add(fault("shared and no local", 5, Wire.subscribe(5, 1, 4, "$share/g/t/x"), PROTOCOL_ERROR));
        cases.add(fault("padded length", 4, hex("c08000"), ALIVE));
        cases.add(fault("padded length", 5, hex("c08000"), MALFORMED));
        cases.add(fault("five bytes of length", 5, hex("30ffffffff01"), MALFORMED));
        cases.add(fault("five bytes of length", 4, hex("30ffffffff01"), MALFORMED));
        cases.add(fault("AUTH", 5, hex("f000"), PROTOCOL_ERROR));
        cases.add(fault("AUTH", 4, hex("f000"), PROTOCOL_ERROR));
        return cases.stream();
    }

    static Stream<Case> reasonCodes() {
        List<Case> cases = new ArrayList<>();
        List<Integer> received = List.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);
        List<Integer> disconnect =
                List.of(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99);
        for (int code = 0; code < 256; code++) {
            byte[] body = new Wire.Bytes().u16(9).u8(code).bytes();
            int ofReceived = received.contains(code) ? ALIVE : PROTOCOL_ERROR;
            int ofReleased = code == 0 || code == 0x92 ? ALIVE : PROTOCOL_ERROR;
            cases.add(new Case("PUBACK " + code, 5, Wire.packet(0x40, body), ofReceived));
            cases.add(new Case("PUBREC " + code, 5, Wire.packet(0x50, body), ofReceived));
            cases.add(new Case("PUBREL " + code, 5, Wire.packet(0x62, body), ofReleased));
            cases.add(new Case("PUBCOMP " + code, 5, Wire.packet(0x70, body), ofReleased));
            byte[] end = Wire.packet(0xE0, new byte[] {(byte) code});
            cases.add(new Case("DISCONNECT " + code, 5, end, disconnect.contains(code) ? CLOSED : PROTOCOL_ERROR));
        }
        cases.add(new Case("DISCONNECT with a body", 4, hex("e00100"), CLOSED));
        return cases.stream();
    }

    static Stream<Case> connects() {
        List<Case> cases = new ArrayList<>();
        for (int level : new int[] {4, 5}) {
            int fault = level == 5 ? MALFORMED : CLOSED;
            byte[] id = hex("000161");
            byte[] none = level == 5 ? new byte[1] : Wire.NONE;
            byte[] will = Wire.join(id, none, hex("0003742f77"), hex("000161"));
            cases.add(connect("plain", level, 2, id, ALIVE));
            cases.add(connect("reserved flag", level, 3, id, fault));
            cases.add(connect("will", level, 6, will, ALIVE));
            cases.add(connect("will qos without will", level, 0x0A, id, fault));
            cases.add(connect("will retain without will", level, 0x22, id, fault));
            cases.add(connect("will qos 3", level, 0x1E, will, fault));
            cases.add(connect("password without user", level, 0x42, Wire.join(id, id), level == 5 ? ALIVE : CLOSED));
            cases.add(connect("user missing", level, 0x82, id, fault));
            cases.add(connect("password missing", level, 0xC2, Wire.join(id, id), fault));
            cases.add(connect("something behind the end", level, 2, Wire.join(id, hex("00")), fault));
            cases.add(connect("client id longer than the packet", level, 2, hex("00ff61"), fault));
            cases.add(connect("empty client id", level, 2, hex("0000"), ALIVE));
        }
        cases.add(new Case("level 3", 4, Wire.packet(0x10, hex("00064d514973647003020000000161")), 1));
        cases.add(new Case("level 6", 4, Wire.packet(0x10, hex("00044d51545406020000000161")), 1));
        cases.add(new Case("another protocol", 4, Wire.packet(0x10, hex("0004485454500402003c000161")), CLOSED));
        byte[] padded = Wire.join(hex("108e00"), hex("00044d5154540502003c00"), hex("000161"));
        cases.add(new Case("padded length", 5, padded, MALFORMED));
        byte[] patient = Wire.join(hex("108d00"), hex("00044d5154540402003c"), hex("000161"));
        cases.add(new Case("padded length", 4, patient, ALIVE));
        byte[] boast = Wire.join(hex("10"), hex("11"), hex("00044d5154540502003c"), hex("ffffff7f"), hex("000161"));
        cases.add(new Case("properties longer than the packet", 5, boast, MALFORMED));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource({
        "eachPropertyInEachPacket",
        "valuesThatAPropertyMayNotHave",
        "textsThatAreNone",
        "flagsOfTheFixedHeader",
        "lengthsAndBodies",
        "reasonCodes",
        "connects"
    })
    void isAnsweredAsTheStandardSays(Case packet) throws Exception {
        assertThat(answer(packet)).isEqualTo(packet.answer);
    }

    @Test
    void aPayloadThatIsNotTheTextItIsSaidToBeIsRefusedAtEachQuality() throws Exception {
        for (String topic : new String[] {"im/send", "t/x"}) {
            for (int qos = 1; qos < 3; qos++) {
                byte[] packet = Wire.publish(5, topic, qos, 7, hex("61c3"), hex("0101"), 0);
                try (WireClient client = WireClient.tcp(5, server.mqttPort()).connected("text")) {
                    Packet refusal = client.send(packet).read();
                    assertThat(refusal.type()).isEqualTo(qos == 1 ? 4 : 5);
                    assertThat(refusal.reason()).isEqualTo(0x99);
                    assertThat(client.send(Wire.PINGREQ).read().type()).isEqualTo(13);
                }
            }
            byte[] packet = Wire.publish(5, topic, 0, 0, hex("61c3"), hex("0101"), 0);
            assertThat(answer(new Case("text", 5, packet, 0x99))).isEqualTo(0x99);
            byte[] text = Wire.publish(5, topic, 0, 0, hex("6100c3a9f09f9880"), hex("0101"), 0);
            assertThat(answer(new Case("text", 5, text, ALIVE))).isEqualTo(ALIVE);
        }
        byte[] will = new Wire.Connect(5, "w")
                .will("t/will", 0)
                .willProperties(hex("0101"))
                .bytes();
        will[will.length - 1 - "secret".length() - 2 - "alice".length() - 2] = (byte) 0xC3;
        assertThat(answer(new Case("will", 5, will, 0x99))).isEqualTo(0x99);
    }

    @Test
    void aFaultIsNamedInTheReasonString() throws Exception {
        try (WireClient client = WireClient.tcp(5, server.mqttPort()).connected("why")) {
            Packet end =
                    client.send(new Packing(SUBSCRIBE).of(hex("2300010b01"))).read();
            assertThat(new String(end.body(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("topic alias is not allowed in this packet");
        }
    }

    // ---- making and asking

    private static int alive(String place) {
        return switch (place) {
            case DISCONNECT -> CLOSED;
            case AUTH -> PROTOCOL_ERROR;
            default -> ALIVE;
        };
    }

    private static Case of(String name, String place, byte[] properties, int answer) {
        return new Case(name, 5, new Packing(place).of(properties), answer);
    }

    private static Case fault(String name, int level, byte[] packet, int code) {
        return new Case(name, level, packet, level == 5 || code == ALIVE ? code : CLOSED);
    }

    private static Case connect(String name, int level, int flags, byte[] payload, int answer) {
        byte[] none = level == 5 ? new byte[1] : Wire.NONE;
        byte[] head =
                new Wire.Bytes().string("MQTT").u8(level).u8(flags).u16(60).bytes();
        return new Case("CONNECT " + name, level, Wire.packet(0x10, Wire.join(head, none, payload)), answer);
    }

    /** A packet of MQTT 5 of this kind with properties. */
    private record Packing(String place) {
        byte[] of(byte[] properties) {
            byte[] all =
                    new Wire.Bytes().variable(properties.length).raw(properties).bytes();
            return switch (place) {
                case PUBLISH -> Wire.publish(5, "t/x", 0, 0, Wire.text("text"), properties, 0);
                case CONNECT ->
                    new Wire.Connect(5, "property").properties(properties).bytes();
                case WILL ->
                    new Wire.Connect(5, "property")
                            .will("t/will", 1)
                            .willProperties(properties)
                            .bytes();
                case SUBSCRIBE -> Wire.subscribe(5, 1, 1, properties, "t/x");
                case UNSUBSCRIBE -> Wire.packet(0xA2, Wire.join(hex("0001"), all, hex("0003742f78")));
                case DISCONNECT -> Wire.packet(0xE0, Wire.join(hex("00"), all));
                case AUTH -> Wire.packet(0xF0, Wire.join(hex("18"), all));
                default -> {
                    int type = 4 + ACKS.indexOf(place);
                    yield Wire.packet(type << 4 | (type == 6 ? 2 : 0), Wire.join(hex("000900"), all));
                }
            };
        }
    }

    private static int answer(Case packet) throws IOException {
        boolean connect = (packet.packet[0] & 0xF0) == 0x10;
        try (WireClient client = WireClient.tcp(packet.level, server.mqttPort())) {
            if (!connect) {
                client.connected("rules");
            }
            client.send(packet.packet, connect ? Wire.NONE : Wire.PINGREQ);
            while (true) {
                Packet answer = client.read();
                switch (answer.type()) {
                    case 2 -> {
                        return answer.connectCode();
                    }
                    case 13 -> {
                        return ALIVE;
                    }
                    case 14 -> {
                        return answer.disconnectReason();
                    }
                    default -> {
                        // The packet's own answer.
                    }
                }
            }
        } catch (EOFException | SocketException closed) {
            return CLOSED;
        }
    }
}
