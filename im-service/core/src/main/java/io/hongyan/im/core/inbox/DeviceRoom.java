package io.hongyan.im.core.inbox;

import java.util.Set;
import java.util.function.Function;

/**
 * How many devices of a user are kept, and which may be forgotten to make room for another one.
 *
 * @param devicesMax devices kept per user
 * @param onlineOf the devices of a user that are online anywhere, by uid: none of them is forgotten. Asked only where room
 *     has to be made; may block
 */
public record DeviceRoom(int devicesMax, Function<String, Set<String>> onlineOf) {
    /** Where nobody is online. */
    public static DeviceRoom of(int devicesMax) {
        return new DeviceRoom(devicesMax, uid -> Set.of());
    }
}
