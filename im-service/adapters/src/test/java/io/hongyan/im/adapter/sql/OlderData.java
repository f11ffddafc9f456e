package io.hongyan.im.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.simulation.PlainContents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the version before has stored, whose tables know nothing of changes of messages, and what is seen of it: in files
 * beside the tests of each engine, which that version has written.
 */
public final class OlderData {
    private static final long NOW = 1_800_000_000_000L;
    private static final String DEVICE = "android:phone";
    public static final List<String> USERS =
            IntStream.range(0, 12).mapToObj(i -> "u" + i).toList();
    private static final Conversation PAIR = Conversation.direct("u0", "u1");
    private static final Conversation BIG = Conversation.group("big");
    private static final Conversation LARGE = Conversation.group("large");
    public static final List<Conversation> ALL =
            List.of(PAIR, Conversation.group("small"), BIG, LARGE, Conversation.system("orders", "u2"));

    /** Four recipients get an entry at once; above eight members a group is large. */
    public static final GroupLimits LIMITS = new GroupLimits(100, 50, 50, 4, 8, 500, 64, 2_000);

    private OlderData() {}

    /** A file beside a test. */
    public static String resource(Class<?> test, String name) throws IOException {
        try (InputStream in = test.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public static String seen(OpenStorage storage) {
        Storage ports = storage.ports();
        StringBuilder text = new StringBuilder(Seen.by(ports, USERS, ALL));
        for (String uid : USERS) {
            text.append("standing of ")
                    .append(uid)
                    .append(" = ")
                    .append(ports.users().standing(uid))
                    .append('\n');
            text.append("kept of ").append(uid).append(" = ");
            text.append(ports.devices().find(new DeviceKey(uid, DEVICE))).append('\n');
        }
        text.append("pushes = ")
                .append(ports.pushes().find("done"))
                .append(ports.pushes().find("open"))
                .append('\n');
        text.append("events =");
        ports
                .feed()
                .feed()
                .read(FeedPosition.START, FeedPosition.END, Partitions.all(), 1_000, 1_000_000)
                .events()
                .stream()
                .filter(event -> !event.body().getClass().getSimpleName().equals("MessageStored"))
                .forEach(event -> text.append(' ').append(event.body()));
        text.append("\nepoch = ").append(storage.dataEpochs().current()).append('\n');
        return text.toString();
    }

    /** The marker that was open is worked off, messages follow, and those of before can be changed. */
    public static void assertGoesOn(Storage ports) {
        fanOut(ports);
        assertThat(ports.inbox().read("u5", 0, 1_000, 1_000_000).entries())
                .filteredOn(entry -> entry.toString().contains("id=big]"))
                .hasSize((int) ports.history().head(BIG));
        long head = ports.history().head(PAIR);
        assertThat(append(ports, new Draft(PAIR, "u0", DEVICE, "m1", new byte[] {1})))
                .isInstanceOf(Appended.Repeated.class);
        changed(ports, PAIR, "u0", "e1", new MessageChange.Edited(1, "better".getBytes(StandardCharsets.UTF_8), 0));
        changed(ports, PAIR, "u1", "r1", new MessageChange.Reacted(1, "😀", false));
        changed(ports, PAIR, "u1", "p1", new MessageChange.Pinned(1, true));
        changed(ports, PAIR, "u0", "c1", new MessageChange.Recalled(1));
        assertThat(append(ports, change(LARGE, "u4", "r2", new MessageChange.Reacted(2, "😀", false))))
                .isEqualTo(new Appended.Noted());
        assertThat(ports.changed().due(10, 10)).hasSize(1);
        StoredMessage first =
                ports.history().read(PAIR, 0, 2, false, 1, 1_000_000).get(0);
        assertThat(first.content()).isEmpty();
        assertThat(first.state().recalled()).isTrue();
        assertThat(ports.history().head(PAIR)).isEqualTo(head + 4);
    }

    private static void changed(Storage ports, Conversation in, String actor, String id, MessageChange change) {
        assertThat(append(ports, change(in, actor, id, change))).isInstanceOf(Appended.Stored.class);
    }

    private static Draft change(Conversation in, String actor, String id, MessageChange change) {
        return new Draft(in, actor, DEVICE, id, new PlainContents().encode(change), null, change, 0);
    }

    private static Appended append(Storage ports, Draft draft) {
        return ports.log().append(List.of(draft), NOW).get(0);
    }

    private static void fanOut(Storage ports) {
        List<Marker> open = ports.fanOut().open("worker", 10, NOW);
        assertThat(open).isNotEmpty();
        while (!open.isEmpty()) {
            ports.fanOut().advance(open, "worker", 3, NOW, 0);
            open = ports.fanOut().open("worker", 10, NOW);
        }
    }
}
