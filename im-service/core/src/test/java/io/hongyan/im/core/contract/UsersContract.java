package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.Devices.CursorMove;
import io.hongyan.im.core.inbox.Devices.Known;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.GroupCursors.GroupCursorMove;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.LoginFacts;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.session.UserStanding.State;
import io.hongyan.im.core.session.Users;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link Users} promises. */
public abstract class UsersContract extends StorageContract {

    @Test
    void userExistsOnceEnsured() {
        assertThat(storage().users().exists("alice")).isFalse();

        storage().users().ensure("alice");

        assertThat(storage().users().exists("alice")).isTrue();
        assertThat(storage().users().exists("Alice")).isFalse();
        assertThat(storage().users().exists("alic")).isFalse();
    }

    @Test
    void ensuringAgainChangesNothing() {
        users("alice", "bob");
        store("alice", "bob", "m1");

        users("alice", "bob");

        assertThat(storage().inbox().head("alice")).isEqualTo(1);
        assertThat(store("alice", "bob", "m2").seq()).isEqualTo(2);
    }

    @Test
    void usersSurviveReopen() {
        users("alice");

        storage().reopen();

        assertThat(storage().users().exists("alice")).isTrue();
        assertThat(storage().users().exists("bob")).isFalse();
    }

    @Test
    void whoIsNewStandsGood() {
        assertThat(storage().users().standing("alice")).isEmpty();
        assertThat(storage().users().ensure("alice")).isEqualTo(UserStanding.GOOD);
        assertThat(storage().users().standing("alice")).contains(UserStanding.GOOD);
        assertThat(storage().users().change("bob", before -> before.with(State.DISABLED), 5))
                .isEmpty();
        assertThat(storage().users().standing("bob")).isEmpty();
    }

    @Test
    void aChangedStandingIsReadByEveryCall() {
        users("alice", "bob");

        Optional<UserStanding> disabled =
                storage().users().change("alice", before -> before.with(State.DISABLED), 1_000);
        storage().users().change("alice", before -> before.revoke(null, 700), 2_000);
        storage().users().change("alice", before -> before.revoke("ios:pad", 800), 3_000);

        UserStanding all = new UserStanding(State.DISABLED, 700, Map.of("ios:pad", 800L));
        assertThat(disabled).contains(new UserStanding(State.DISABLED, 0, Map.of()));
        assertThat(storage().users().ensure("alice")).isEqualTo(all);
        assertThat(storage().users().standing("alice")).contains(all);
        assertThat(storage().users().standing("bob")).contains(UserStanding.GOOD);
        storage().reopen();
        assertThat(storage().users().standing("alice")).contains(all);
    }

    @Test
    void whatIsOnlyAUsersIsErasedInSteps() {
        users("alice", "bob");
        DeviceKey phone = new DeviceKey("alice", "ios:phone");
        storage().devices().register(phone, 32, NOW);
        storage().ports().groupCursors().move(List.of(new GroupCursorMove(phone, "g", 3)));
        for (int i = 1; i <= 5; i++) {
            store("bob", "alice", "m" + i);
        }
        storage().users().change("alice", before -> before.with(State.DELETED), NOW);

        assertThat(storage().users().erase("alice", 3)).isFalse();
        assertThat(storage().devices().find(phone)).isEmpty();
        assertThat(storage().ports().groupCursors().find(phone)).isEmpty();
        assertThat(storage().inbox().read("alice", 0, 10, 1 << 20).entries())
                .extracting(Entry::seq)
                .containsExactly(4L, 5L);
        assertThat(storage().users().erase("alice", 3)).isTrue();
        assertThat(storage().users().erase("alice", 3)).isTrue();
        assertThat(storage().users().erase("nobody", 3)).isTrue();

        assertThat(storage().inbox().read("alice", 0, 10, 1 << 20).entries()).isEmpty();
        assertThat(storage().inbox().head("alice")).isEqualTo(5);
        assertThat(storage().inbox().head("bob")).isEqualTo(5);
        storage().reopen();
        assertThat(storage().users().ensure("alice").isDeleted()).isTrue();
        assertThat(storage().inbox().read("bob", 0, 10, 1 << 20).entries()).hasSize(5);
        assertThat(store("bob", "alice", "m6").seq()).isEqualTo(6);
    }

    @Test
    void aLoginReadsHowTheUserStandsAndWhatIsKnownOfTheDevices() {
        DeviceKey phone = new DeviceKey("alice", "ios:phone");
        DeviceKey pad = new DeviceKey("alice", "ios:pad");
        assertThat(storage().users().atLogin(phone)).isEmpty();

        users("alice", "bob");
        assertThat(storage().users().atLogin(phone))
                .contains(new LoginFacts(UserStanding.GOOD, Optional.empty(), Set.of()));

        KeptSession kept = new KeptSession(List.of(new KeptSession.Filter("u/alice/inbox", 1, 0)), NOW + 1);
        storage().devices().keepSession(phone, kept, 32, NOW);
        storage().devices().register(pad, 32, NOW);
        storage().devices().register(new DeviceKey("bob", "ios:phone"), 32, NOW);
        storage().devices().moveCursors(List.of(new CursorMove(pad, 7)), NOW);
        storage().users().change("alice", before -> before.revoke("ios:pad", 800), NOW);

        UserStanding standing = new UserStanding(State.ACTIVE, 0, Map.of("ios:pad", 800L));
        Set<String> both = Set.of("ios:phone", "ios:pad");
        assertThat(storage().users().atLogin(phone))
                .contains(new LoginFacts(standing, Optional.of(new Device(phone, 0, kept)), both));
        assertThat(storage().users().atLogin(pad))
                .contains(new LoginFacts(standing, Optional.of(new Device(pad, 7, null)), both));
        assertThat(storage().users().atLogin(new DeviceKey("alice", "IOS:pad")))
                .contains(new LoginFacts(standing, Optional.empty(), both));
        assertThat(storage().users().make("alice")).isEqualTo(standing);
    }

    @Test
    void aNewUserIsMadeWithTheDevice() {
        DeviceKey phone = new DeviceKey("alice", "ios:phone");
        DeviceKey pad = new DeviceKey("alice", "ios:pad");
        KeptSession kept = new KeptSession(List.of(new KeptSession.Filter("u/alice/in\"b\\ox", 1, 7)), NOW + 1);

        assertThat(storage().users().makeWithDevice(phone, kept, NOW)).isEmpty();

        LoginFacts known =
                new LoginFacts(UserStanding.GOOD, Optional.of(new Device(phone, 0, kept)), Set.of("ios:phone"));
        assertThat(storage().users().atLogin(phone)).contains(known);
        assertThat(storage().devices().all("alice", 9)).containsExactly(new Known(phone, NOW));
        assertThat(storage().inbox().head("alice")).isZero();
        assertThat(storage().users().makeWithDevice(phone, null, NOW + 1)).contains(known);
        assertThat(storage().users().makeWithDevice(pad, kept, NOW + 1))
                .contains(new LoginFacts(UserStanding.GOOD, Optional.empty(), Set.of("ios:phone")));
        storage().reopen();
        assertThat(storage().users().atLogin(phone)).contains(known);
        assertThat(storage().devices().find(pad)).isEmpty();

        assertThat(storage().users().makeWithDevice(new DeviceKey("bob", "web:tab"), null, NOW))
                .isEmpty();
        assertThat(storage().devices().find(new DeviceKey("bob", "web:tab")))
                .contains(new Device(new DeviceKey("bob", "web:tab"), 0, null));
        assertThat(store("bob", "alice", "m1").seq()).isEqualTo(1);
        assertThat(storage().inbox().head("alice")).isEqualTo(1);
    }

    @Test
    void aUserWhoExistsIsNotMadeWithADevice() {
        DeviceKey phone = new DeviceKey("alice", "ios:phone");
        users("alice");
        storage().users().change("alice", before -> before.with(State.DELETED), NOW);

        assertThat(storage()
                        .users()
                        .makeWithDevice(phone, null, NOW)
                        .orElseThrow()
                        .standing()
                        .isDeleted())
                .isTrue();
        assertThat(storage().devices().all("alice", 9)).isEmpty();
    }

    @Test
    void ofSeveralLoginsAtOnceOneMakesTheUser() throws Exception {
        List<Callable<Optional<LoginFacts>>> logins = IntStream.range(0, 12)
                .<Callable<Optional<LoginFacts>>>mapToObj(i ->
                        () -> storage().users().makeWithDevice(new DeviceKey("alice", "web:tab" + i), null, NOW))
                .toList();
        List<Optional<LoginFacts>> answers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Optional<LoginFacts>> login : threads.invokeAll(logins)) {
                answers.add(login.get());
            }
        } finally {
            threads.shutdown();
        }

        List<Known> devices = storage().devices().all("alice", 99);
        assertThat(devices).hasSize(1);
        assertThat(answers).filteredOn(Optional::isEmpty).hasSize(1);
        assertThat(answers)
                .filteredOn(Optional::isPresent)
                .allMatch(facts -> facts.orElseThrow()
                        .devices()
                        .equals(Set.of(devices.get(0).key().device())));
        storage().users().ensure("bob");
        assertThat(store("bob", "alice", "m1").seq()).isEqualTo(1);
    }

    @Test
    void concurrentChangesAllCount() throws Exception {
        users("alice");
        List<Callable<Object>> changes = IntStream.range(0, 8)
                .<Callable<Object>>mapToObj(i ->
                        () -> storage().users().change("alice", before -> before.revoke("web:tab" + i, 1_000 + i), i))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Object> change : threads.invokeAll(changes)) {
                change.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(storage().users().standing("alice").orElseThrow().devicesRevokedAt())
                .hasSize(8)
                .containsEntry("web:tab7", 1_007L);
    }

    @Test
    void whoWasChangedLatelyIsFound() {
        users("alice", "bob", "carol", "dave");
        storage().users().change("carol", before -> before.with(State.DISABLED), 1_000);
        storage().users().change("alice", before -> before.with(State.DISABLED), 2_000);
        storage().users().change("bob", before -> before.with(State.DISABLED), 3_000);

        assertThat(storage().users().changedSince(2_000, 10)).containsExactlyInAnyOrder("bob", "alice");
        assertThat(storage().users().changedSince(0, 10)).containsExactlyInAnyOrder("bob", "alice", "carol");
        assertThat(storage().users().changedSince(0, 1)).contains("bob").hasSizeLessThan(3);
        assertThat(storage().users().changedSince(3_001, 10)).isEmpty();
    }
}
