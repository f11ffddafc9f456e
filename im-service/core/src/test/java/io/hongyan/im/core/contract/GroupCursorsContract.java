package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.inbox.GroupCursors.GroupCursorMove;
import io.hongyan.im.core.message.DeviceKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link io.hongyan.im.core.inbox.GroupCursors} promises: cursors that only rise, and go with their device. */
public abstract class GroupCursorsContract extends StorageContract {
    private static final int MANY = 32;
    private static final DeviceKey PHONE_OF_ALICE = new DeviceKey("alice", "android:phone");
    private static final DeviceKey TAB_OF_ALICE = new DeviceKey("alice", "web:tab");

    @Test
    void deviceWithoutCursorsHasNone() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);

        assertThat(storage().groupCursors().find(PHONE_OF_ALICE)).isEmpty();
        assertThat(storage().groupCursors().find(TAB_OF_ALICE)).isEmpty();
        assertThat(storage().groupCursors().find(new DeviceKey("nobody", "a:b")))
                .isEmpty();
    }

    @Test
    void cursorIsRaisedButNeverLowered() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);

        move(PHONE_OF_ALICE, "g1", 5);
        move(PHONE_OF_ALICE, "g1", 4);
        assertThat(storage().groupCursors().find(PHONE_OF_ALICE)).isEqualTo(Map.of("g1", 5L));

        storage()
                .groupCursors()
                .move(List.of(
                        new GroupCursorMove(PHONE_OF_ALICE, "g1", 6),
                        new GroupCursorMove(PHONE_OF_ALICE, "g1", 8),
                        new GroupCursorMove(PHONE_OF_ALICE, "g1", 7)));
        assertThat(storage().groupCursors().find(PHONE_OF_ALICE)).isEqualTo(Map.of("g1", 8L));
        storage().groupCursors().move(List.of());
    }

    @Test
    void eachDeviceAndGroupHasItsOwn() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);
        storage().devices().register(TAB_OF_ALICE, MANY, NOW);
        move(PHONE_OF_ALICE, "g1", 5);
        move(PHONE_OF_ALICE, "G1", 6);
        move(TAB_OF_ALICE, "g1", 7);

        assertThat(storage().groupCursors().find(PHONE_OF_ALICE)).isEqualTo(Map.of("g1", 5L, "G1", 6L));
        assertThat(storage().groupCursors().find(TAB_OF_ALICE)).isEqualTo(Map.of("g1", 7L));
    }

    @Test
    void movesOfUnknownDevicesArePassedOver() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);

        storage()
                .groupCursors()
                .move(List.of(
                        new GroupCursorMove(TAB_OF_ALICE, "g1", 3),
                        new GroupCursorMove(new DeviceKey("nobody", "a:b"), "g1", 3),
                        new GroupCursorMove(PHONE_OF_ALICE, "g1", 3)));

        assertThat(storage().groupCursors().find(PHONE_OF_ALICE)).isEqualTo(Map.of("g1", 3L));
        assertThat(storage().groupCursors().find(TAB_OF_ALICE)).isEmpty();
    }

    @Test
    void forgottenCursorsAreGoneAndTheOthersStay() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);
        move(PHONE_OF_ALICE, "g1", 5);
        move(PHONE_OF_ALICE, "g2", 6);

        storage().groupCursors().forget(PHONE_OF_ALICE, Set.of("g1", "unknown"));
        storage().groupCursors().forget(TAB_OF_ALICE, Set.of("g2"));

        assertThat(storage().groupCursors().find(PHONE_OF_ALICE)).isEqualTo(Map.of("g2", 6L));
    }

    @Test
    void cursorsGoWithTheirDevice() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);
        move(PHONE_OF_ALICE, "g1", 5);

        storage().devices().register(TAB_OF_ALICE, 1, NOW + 1);
        assertThat(storage().devices().find(PHONE_OF_ALICE)).isEmpty();
        storage().devices().register(PHONE_OF_ALICE, 1, NOW + 2);

        assertThat(storage().groupCursors().find(PHONE_OF_ALICE)).isEmpty();
    }

    @Test
    void cursorsSurviveARestart() {
        users("alice");
        storage().devices().register(PHONE_OF_ALICE, MANY, NOW);
        move(PHONE_OF_ALICE, "g1", 5);

        storage().reopen();

        assertThat(storage().groupCursors().find(PHONE_OF_ALICE)).isEqualTo(Map.of("g1", 5L));
    }

    private void move(DeviceKey device, String group, long seq) {
        storage().groupCursors().move(List.of(new GroupCursorMove(device, group, seq)));
    }
}
