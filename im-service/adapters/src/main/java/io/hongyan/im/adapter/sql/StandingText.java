package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.session.UserStanding;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** How the standing of a user is written in the row. */
final class StandingText {
    private StandingText() {}

    static UserStanding read(int state, long revokedAt, String devices) {
        return state == 0 && revokedAt == 0 && devices == null
                ? UserStanding.GOOD
                : new UserStanding(UserStanding.State.values()[state], revokedAt, devices(devices));
    }

    static int state(UserStanding standing) {
        return standing.state().ordinal();
    }

    /** Null where there are none. */
    static String devices(UserStanding standing) {
        return standing.devicesRevokedAt().isEmpty()
                ? null
                : standing.devicesRevokedAt().entrySet().stream()
                        .map(one -> one.getKey() + ' ' + one.getValue())
                        .collect(Collectors.joining("\n"));
    }

    private static Map<String, Long> devices(String text) {
        Map<String, Long> devices = new LinkedHashMap<>();
        if (text != null) {
            text.lines().forEach(line -> {
                int blank = line.lastIndexOf(' ');
                devices.put(line.substring(0, blank), Long.parseLong(line.substring(blank + 1)));
            });
        }
        return devices;
    }
}
