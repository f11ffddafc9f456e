package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.session.PlatformClass;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** P5: the newest login of a class wins, and the one before is told. */
final class LoginChecker {
    /** A displaced connection is closed within this. */
    private static final long DISPLACED_MILLIS_MAX = 1_000;

    private final EndState end;
    private final Map<ConnectionKey, Login> logins = new LinkedHashMap<>();
    private final Set<ConnectionKey> told = new HashSet<>();

    private static final class Login {
        private final Recorded.Opened opened;
        private final long sinceMillis;
        private long untilMillis = Long.MAX_VALUE;

        Login(Recorded.Opened opened, long sinceMillis) {
            this.opened = opened;
            this.sinceMillis = sinceMillis;
        }

        boolean sameClass(Login other) {
            return opened.platformClass() == other.opened.platformClass()
                    && opened.device().uid().equals(other.opened.device().uid());
        }
    }

    LoginChecker(EndState end) {
        this.end = end;
    }

    int logins() {
        return logins.size();
    }

    void opened(long at, Recorded.Opened opened) {
        logins.put(opened.connection(), new Login(opened, at));
    }

    void noticed(Recorded.Noticed noticed) {
        if (noticed.notice() instanceof Notice.Kicked) {
            told.add(noticed.connection());
        }
    }

    void ended(long at, Recorded.Ended ended) {
        Login login = logins.get(ended.connection());
        if (login == null) {
            return;
        }
        login.untilMillis = at;
        if (ended.why().equals("KICKED") && !told.contains(ended.connection())) {
            end.violated("P5", at, ended.connection() + " was kicked and not told");
        }
    }

    void checkOneOnlinePerClass() {
        List<Login> all = new ArrayList<>(logins.values());
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                Login one = all.get(i);
                Login other = all.get(j);
                long together =
                        Math.min(one.untilMillis, other.untilMillis) - Math.max(one.sinceMillis, other.sinceMillis);
                boolean limited = one.opened.platformClass() != PlatformClass.IOT
                        || one.opened.device().equals(other.opened.device());
                if (limited && one.sameClass(other) && together > DISPLACED_MILLIS_MAX) {
                    end.violated(
                            "P5",
                            other.sinceMillis,
                            one.opened.connection() + " and " + other.opened.connection() + " were online together");
                }
            }
        }
    }
}
