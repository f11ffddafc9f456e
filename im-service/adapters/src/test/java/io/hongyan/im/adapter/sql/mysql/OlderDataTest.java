package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.sql.OlderData;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.MySql8;
import io.hongyan.starters.SqlServer;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A database that the version before has written is upgraded with all it has; its slots can be moved then. */
@Tag("servers")
@Timeout(180)
class OlderDataTest {
    private static final String ONE = "older_one";
    private static final String TWO = "older_two";

    static Stream<SqlServer> servers() {
        return Stream.of(MariaDb.shared(), MySql8.shared());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void whatTheVersionBeforeHasStoredIsThereAndTheRestGoesOn(SqlServer server) throws IOException {
        ShardedFixture.drop(server, ONE, TWO);
        MysqlFixture.execute(
                MysqlFixture.settings(server, ONE),
                OlderData.resource(OlderDataTest.class, "older-v7.sql").split(";\n"));
        String seen = OlderData.resource(OlderDataTest.class, "older-seen.txt");
        try (ShardedStorage storage = ShardedFixture.open(ShardedFixture.settings(server, ONE), OlderData.LIMITS)) {
            assertThat(OlderData.seen(storage)).isEqualTo(seen);
            OlderData.assertGoesOn(storage.ports());
        }
        ShardedSettings both = ShardedFixture.settings(server, ONE, TWO);
        try (ShardedStorage storage = ShardedFixture.open(both, OlderData.LIMITS);
                SlotMover mover = SlotMover.open(both, 60_000, System::nanoTime)) {
            storage.tasks().get(0).work().run();
            String before = OlderData.seen(storage);
            Set<Integer> slots = new TreeSet<>();
            OlderData.USERS.forEach(uid -> slots.add(Slots.ofUser(uid)));
            OlderData.ALL.forEach(conversation -> slots.add(Slots.of(conversation)));
            slots.forEach(slot -> mover.move(slot, slot, "two"));
            assertThat(OlderData.seen(storage)).isEqualTo(before);
        }
    }
}
