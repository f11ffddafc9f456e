package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.Devices.CursorMove;
import io.hongyan.im.core.inbox.Devices.Known;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.inbox.NoDeviceRoomException;
import io.hongyan.im.core.message.DeviceKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@link Devices} promises: cursors that only rise, and a limited number of devices per user. */
public abstract class DevicesContract extends StorageContract {
    private static final int MANY = 32;
    private static final DeviceKey PHONE_OF_ALICE = new DeviceKey("alice", "android:phone");
    private static final DeviceKey TAB_OF_ALICE = new DeviceKey("alice", "web:tab");
    private static final KeptSession KEPT = new KeptSession(
            List.of(
                    new KeptSession.Filter("u/alice/#", 1, 0),
                    new KeptSession.Filter("u/alice/in\"b\\ox/鸿雁🕊", 0, 268_435_455)),
            NOW + 86_400_000);

    @Test
    void unknownDeviceIsNotFound() {
        users("alice");

        assertThat(storage().devices().find(PHONE_OF_ALICE)).isEmpty();
        assertThat(storage().devices().find(new DeviceKey("nobody", "a:b"))).isEmpty();
    }

    @Test
    void devicesAreListedTheOneUsedLastFirst() {
        users("alice", "bob");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);
        storage().devices().register(TAB_OF_ALICE, MANY, NOW + 1);
        storage().devices().register(new DeviceKey("bob", "ios:pad"), MANY, NOW);

        assertThat(storage().devices().all("alice", 10))
                .containsExactly(new Known(TAB_OF_ALICE, NOW + 1), new Known(PHONE_OF_ALICE, NOW));
        assertThat(storage().devices().all("alice", 1)).containsExactly(new Known(TAB_OF_ALICE, NOW + 1));
        assertThat(storage().devices().all("nobody", 10)).isEmpty();
    }

    @Test
    void firstDeviceStartsAtTheBeginning() {
        users("alice", "bob");
        store("bob", "alice", "m1");

        assertThat(storage().devices().register(PHONE_OF_ALICE, MANY, NOW))
                .isEqualTo(new Device(PHONE_OF_ALICE, 0, null));
        assertThat(storage().devices().find(PHONE_OF_ALICE)).contains(new Device(PHONE_OF_ALICE, 0, null));
    }

    @Test
    void newDeviceStartsAtTheHighestCursorOfTheUser() {
        users("alice", "bob");
        DeviceKey third = new DeviceKey("alice", "ios:pad");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);
        storage().devices().register(TAB_OF_ALICE, MANY, NOW);
        move(PHONE_OF_ALICE, 7);
        move(TAB_OF_ALICE, 3);

        assertThat(storage().devices().register(third, MANY, NOW).cursor()).isEqualTo(7);
        assertThat(storage()
                        .devices()
                        .register(new DeviceKey("bob", "ios:pad"), MANY, NOW)
                        .cursor())
                .isZero();
    }

    @Test
    void registeringAgainKeepsCursorAndSession() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);
        storage().devices().register(TAB_OF_ALICE, MANY, NOW);
        move(PHONE_OF_ALICE, 2);
        move(TAB_OF_ALICE, 9);
        storage().devices().keepSession(PHONE_OF_ALICE, KEPT, MANY, NOW);

        assertThat(storage().devices().register(PHONE_OF_ALICE, MANY, NOW + 1))
                .isEqualTo(new Device(PHONE_OF_ALICE, 2, KEPT));
    }

    @Test
    void deviceNamesAndUidsAreCaseSensitive() {
        users("alice", "Alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);

        assertThat(storage().devices().find(new DeviceKey("alice", "android:Phone")))
                .isEmpty();
        assertThat(storage().devices().find(new DeviceKey("Alice", "android:phone")))
                .isEmpty();
    }

    @Test
    void cursorIsNeverLowered() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);

        move(PHONE_OF_ALICE, 5);
        move(PHONE_OF_ALICE, 4);
        assertThat(cursorOf(PHONE_OF_ALICE)).isEqualTo(5);

        storage()
                .devices()
                .moveCursors(
                        List.of(
                                new CursorMove(PHONE_OF_ALICE, 6),
                                new CursorMove(PHONE_OF_ALICE, 8),
                                new CursorMove(PHONE_OF_ALICE, 7)),
                        NOW);
        assertThat(cursorOf(PHONE_OF_ALICE)).isEqualTo(8);
    }

    @Test
    void movesOfUnknownDevicesArePassedOver() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);

        storage()
                .devices()
                .moveCursors(
                        List.of(
                                new CursorMove(TAB_OF_ALICE, 3),
                                new CursorMove(new DeviceKey("nobody", "a:b"), 3),
                                new CursorMove(PHONE_OF_ALICE, 3)),
                        NOW);

        assertThat(cursorOf(PHONE_OF_ALICE)).isEqualTo(3);
        assertThat(storage().devices().find(TAB_OF_ALICE)).isEmpty();
        storage().devices().moveCursors(List.of(), NOW);
    }

    @Test
    void deviceUsedLongestAgoMakesRoom() {
        users("alice");
        for (int i = 1; i <= 3; i++) {
            storage().devices().register(device(i), 3, NOW + i);
        }
        storage().devices().register(device(1), 3, NOW + 10);

        storage().devices().register(device(4), 3, NOW + 20);

        assertThat(storage().devices().find(device(2))).isEmpty();
        assertThat(storage().devices().find(device(1))).isPresent();
        assertThat(storage().devices().find(device(3))).isPresent();
        assertThat(storage().devices().find(device(4))).isPresent();
    }

    @Test
    void movingACursorCountsAsUse() {
        users("alice");
        storage().devices().register(device(1), 2, NOW + 1);
        storage().devices().register(device(2), 2, NOW + 2);
        storage().devices().moveCursors(List.of(new CursorMove(device(1), 4)), NOW + 3);

        storage().devices().register(device(3), 2, NOW + 4);

        assertThat(storage().devices().find(device(1))).isPresent();
        assertThat(storage().devices().find(device(2))).isEmpty();
    }

    @Test
    void newDeviceStartsAtTheCursorOfTheDeviceThatMadeRoom() {
        users("alice");
        storage().devices().register(device(1), 2, NOW + 1);
        storage().devices().moveCursors(List.of(new CursorMove(device(1), 40)), NOW + 1);
        storage().devices().register(device(2), 1, NOW + 2);

        assertThat(storage().devices().find(device(1))).isEmpty();
        assertThat(cursorOf(device(2))).isEqualTo(40);
    }

    @Test
    void aLoweredLimitForgetsSeveral() {
        users("alice");
        for (int i = 1; i <= 5; i++) {
            storage().devices().register(device(i), MANY, NOW + i);
        }

        storage().devices().register(device(5), 2, NOW + 6);
        assertThat(storage().devices().find(device(1)))
                .as("a known device makes no room")
                .isPresent();
        storage().devices().register(device(6), 2, NOW + 7);

        for (int i = 1; i <= 4; i++) {
            assertThat(storage().devices().find(device(i))).isEmpty();
        }
        assertThat(storage().devices().find(device(5))).isPresent();
        assertThat(storage().devices().find(device(6))).isPresent();
    }

    @Test
    void forgottenDeviceComesBackAsANewOne() {
        users("alice");
        storage().devices().register(device(1), 1, NOW);
        storage().devices().keepSession(device(1), KEPT, 1, NOW);
        storage().devices().register(device(2), 1, NOW + 1);
        move(device(2), 12);

        assertThat(storage().devices().register(device(1), 1, NOW + 2))
                .isEqualTo(new Device(device(1), 12, null, true));
        assertThat(storage().devices().find(device(1)))
                .as("until it is told")
                .contains(new Device(device(1), 12, null, true));
        storage().devices().keepSession(device(1), KEPT, 1, NOW + 3);
        assertThat(storage().devices().register(device(1), 1, NOW + 3))
                .isEqualTo(new Device(device(1), 12, KEPT, true));
        move(device(1), 12);
        assertThat(storage().devices().find(device(1))).contains(new Device(device(1), 12, KEPT));
    }

    @Test
    void anOnlineDeviceIsNeverForgotten() {
        users("alice");
        Set<String> online = new HashSet<>();
        DeviceRoom room = new DeviceRoom(3, uid -> uid.equals("alice") ? online : Set.of());
        for (int i = 1; i <= 3; i++) {
            storage().devices().register(device(i), room, NOW + i);
            online.add(device(i).device());
        }
        assertThatThrownBy(() -> storage().devices().register(device(4), room, NOW + 4))
                .isInstanceOf(NoDeviceRoomException.class);
        assertThatThrownBy(() -> storage().devices().keepSession(device(4), KEPT, room, NOW + 4))
                .isInstanceOf(NoDeviceRoomException.class);
        assertThat(known("alice")).containsExactlyInAnyOrderElementsOf(online);

        online.remove(device(3).device());
        assertThat(storage().devices().register(device(4), room, NOW + 5).cursor())
                .isZero();
        online.add(device(4).device());
        assertThat(known("alice")).containsExactlyInAnyOrderElementsOf(online);

        online.remove(device(2).device());
        storage().devices().keepSession(device(5), KEPT, room, NOW + 6);
        assertThat(storage().devices().find(device(2))).isEmpty();
        assertThat(storage().devices().find(device(1))).isPresent();
        assertThat(sessionOf(device(5))).isEqualTo(KEPT);
    }

    @Test
    void whereThereIsRoomNothingIsSkipped() {
        users("alice");
        storage().devices().register(device(1), 3, NOW);
        move(device(1), 5);
        assertThat(storage().devices().register(device(2), 3, NOW)).isEqualTo(new Device(device(2), 5, null));
        assertThat(known("alice")).hasSize(2);
        assertThat(known("nobody")).isEmpty();
    }

    @Test
    void sessionIsKeptReplacedAndForgotten() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);

        storage().devices().keepSession(PHONE_OF_ALICE, KEPT, MANY, NOW);
        assertThat(sessionOf(PHONE_OF_ALICE)).isEqualTo(KEPT);

        KeptSession other = new KeptSession(List.of(), NOW + 5);
        storage().devices().keepSession(PHONE_OF_ALICE, other, MANY, NOW);
        assertThat(sessionOf(PHONE_OF_ALICE)).isEqualTo(other);

        storage().devices().keepSession(PHONE_OF_ALICE, null, MANY, NOW);
        assertThat(sessionOf(PHONE_OF_ALICE)).isNull();
    }

    @Test
    void keepingASessionRegistersTheDevice() {
        users("alice");
        storage().devices().register(TAB_OF_ALICE, 1, NOW);
        move(TAB_OF_ALICE, 6);

        storage().devices().keepSession(PHONE_OF_ALICE, KEPT, 1, NOW + 1);

        assertThat(storage().devices().find(PHONE_OF_ALICE)).contains(new Device(PHONE_OF_ALICE, 6, KEPT, true));
        assertThat(storage().devices().find(TAB_OF_ALICE)).isEmpty();
    }

    @Test
    void forgettingTheSessionOfAnUnknownDeviceMakesNone() {
        users("alice");

        storage().devices().keepSession(PHONE_OF_ALICE, null, MANY, NOW);

        assertThat(storage().devices().find(PHONE_OF_ALICE)).isEmpty();
    }

    @Test
    void keepingASessionLeavesTheCursor() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);
        move(PHONE_OF_ALICE, 5);

        storage().devices().keepSession(PHONE_OF_ALICE, KEPT, MANY, NOW);
        storage().devices().keepSession(PHONE_OF_ALICE, null, MANY, NOW);

        assertThat(cursorOf(PHONE_OF_ALICE)).isEqualTo(5);
    }

    @Test
    void devicesSurviveReopen() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);
        move(PHONE_OF_ALICE, 5);
        storage().devices().keepSession(PHONE_OF_ALICE, KEPT, MANY, NOW);

        storage().reopen();

        assertThat(storage().devices().find(PHONE_OF_ALICE)).contains(new Device(PHONE_OF_ALICE, 5, KEPT));
    }

    private static DeviceKey device(int number) {
        return new DeviceKey("alice", "iot:d" + number);
    }

    private void move(DeviceKey key, long seq) {
        storage().devices().moveCursors(List.of(new CursorMove(key, seq)), NOW);
    }

    private long cursorOf(DeviceKey key) {
        return storage().devices().find(key).orElseThrow().cursor();
    }

    private KeptSession sessionOf(DeviceKey key) {
        return storage().devices().find(key).orElseThrow().kept();
    }

    private Set<String> known(String uid) {
        return storage().devices().all(uid, MANY).stream()
                .map(known -> known.key().device())
                .collect(Collectors.toSet());
    }
}
