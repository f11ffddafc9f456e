package io.hongyan.im.adapter.sql.sqlite;

import com.sun.management.OperatingSystemMXBean;
import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Step;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What messages of groups cost by themselves: messages and inbox rows per second, and processor time of each, of one
 * thread that appends batches and takes the steps of the fan-out between them. Arguments: directory (a new one), groups,
 * members of each, batch, messages; {@code large} makes the groups large.
 */
final class GroupBench {
    private static final long NOW = 1_800_000_000_000L;
    private static final int MEMBERS_PER_CHANGE = 500;

    /** So many members write: else large groups would be measured with senders who write for the first time. */
    private static final int SENDERS_MAX = 200;

    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Random random = new Random(1);
    private final byte[] content = new byte[100];
    private final SqliteStorage storage;
    private final int groups;
    private final int members;
    private long ids;

    private GroupBench(SqliteStorage storage, int groups, int members) {
        this.storage = storage;
        this.groups = groups;
        this.members = members;
    }

    public static void main(String[] arguments) {
        SqliteSettings settings = SqliteSettings.defaults(Path.of(arguments[0]));
        GroupLimits limits = new GroupLimits(1_000_000, MEMBERS_PER_CHANGE, 1_000_000, 100, 2_000, 500, 64, 2_000);
        try (SqliteStorage storage = SqliteStorage.open(settings, StorageContract.rules(limits), System::nanoTime)) {
            GroupBench bench = new GroupBench(storage, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
            bench.makeGroups(arguments.length > 5 && arguments[5].equals("large"));
            bench.run(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        }
    }

    private void makeGroups(boolean large) {
        long start = System.nanoTime();
        // Nobody is in two groups.
        for (int group = 0; group < groups; group++) {
            List<String> uids = new ArrayList<>();
            for (int member = 0; member < members; member++) {
                uids.add(uid(group, member));
            }
            uids.parallelStream().forEach(uid -> storage.ports().users().ensure(uid));
            append(List.of(change(group, new Created(uids.get(0), "name", false, 0, List.of()))));
            if (large) {
                append(List.of(change(group, new BecameLarge())));
            }
            for (int from = 1; from < members; from += MEMBERS_PER_CHANGE) {
                append(List.of(change(
                        group, new MembersAdded(uids.subList(from, Math.min(members, from + MEMBERS_PER_CHANGE))))));
            }
        }
        fanOut();
        System.out.printf("made in %d ms%n", (System.nanoTime() - start) / 1_000_000);
    }

    private void run(int batch, int messages) {
        random.nextBytes(content);
        send(batch, messages / 4);
        long rows = storage.counters().value(StorageCounter.INBOX_ROWS);
        long wall = System.nanoTime();
        long cpu = process.getProcessCpuTime();
        send(batch, messages);
        double seconds = (System.nanoTime() - wall) / 1e9;
        double micros = (process.getProcessCpuTime() - cpu) / 1e3;
        rows = storage.counters().value(StorageCounter.INBOX_ROWS) - rows;
        System.out.printf(
                "groups %d of %d, batch %d: %.0f messages/s, %.0f rows/s; %.1f us per message, %.2f us per row%n",
                groups,
                members,
                batch,
                messages / seconds,
                rows / seconds,
                micros / messages,
                rows == 0 ? 0 : micros / rows);
    }

    private void send(int batch, int messages) {
        for (int done = 0; done < messages; done += batch) {
            List<Draft> drafts = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                int group = random.nextInt(groups);
                drafts.add(new Draft(
                        Conversation.group("g" + group),
                        uid(group, random.nextInt(Math.min(members, SENDERS_MAX))),
                        "android:phone",
                        "m" + ++ids,
                        content));
            }
            append(drafts);
            fanOut();
        }
    }

    private void fanOut() {
        List<Marker> open = storage.ports().fanOut().open("bench", 100, NOW);
        while (!open.isEmpty()) {
            while (!open.isEmpty()) {
                Step step = storage.ports().fanOut().advance(open, "bench", 2_000, NOW, 1_000);
                open = open.subList(step.served(), open.size());
            }
            open = storage.ports().fanOut().open("bench", 100, NOW);
        }
    }

    private void append(List<Draft> drafts) {
        for (Appended result : storage.ports().log().append(drafts, NOW)) {
            if (!(result instanceof Appended.Stored)) {
                throw new IllegalStateException(result.toString());
            }
        }
    }

    private Draft change(int group, GroupChange change) {
        Conversation conversation = Conversation.group("g" + group);
        return new Draft(conversation, SystemUser.UID, SystemUser.DEVICE, "c" + ++ids, new byte[1], change);
    }

    private static String uid(int group, int member) {
        return "user-" + group + "-" + member;
    }
}
