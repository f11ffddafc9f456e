package io.hongyan.im.core.simulation;

import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.message.ConnectionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** P8 of sessions: the feed knows each login before the client does, and each end unless the process was killed. */
final class FeedChecker {
    private final EndState end;
    private final List<ConnectionKey> opened = new ArrayList<>();
    private final List<ConnectionKey> ended = new ArrayList<>();
    private final Set<String> killed = new HashSet<>();
    /** Where the first event of a kind stands. */
    private final Map<ConnectionKey, Integer> opens = new HashMap<>();

    private final Map<ConnectionKey, Integer> kicks = new HashMap<>();
    private final Map<ConnectionKey, Integer> closes = new HashMap<>();

    FeedChecker(EndState end) {
        this.end = end;
    }

    void opened(Recorded.Opened login) {
        opened.add(login.connection());
    }

    void ended(Recorded.Ended over) {
        ended.add(over.connection());
    }

    void killed(Recorded.Killed life) {
        killed.add(life.life());
    }

    void check() {
        int place = 0;
        for (EventDraft eventDraft : end.storage().feed().eventDrafts()) {
            place++;
            if (eventDraft.body() instanceof FeedBody.SessionOpened event) {
                opens.putIfAbsent(event.connection(), place);
            } else if (eventDraft.body() instanceof FeedBody.SessionKicked event) {
                kicks.putIfAbsent(event.connection(), place);
            } else if (eventDraft.body() instanceof FeedBody.SessionClosed event) {
                closes.putIfAbsent(event.connection(), place);
            }
        }
        for (ConnectionKey connection : opened) {
            if (!opens.containsKey(connection)) {
                end.violated("P8", 0, "the feed does not know the login of " + connection);
            }
        }
        // A login that could not be told to the feed is not answered, and its end may be there alone.
        ended.retainAll(opened);
        closes.keySet().retainAll(opened);
        for (ConnectionKey connection : ended) {
            boolean survived = !killed.contains(connection.gate().substring(1));
            if (survived && !closes.containsKey(connection)) {
                end.violated("P8", 0, "the feed does not know the end of " + connection);
            }
        }
        closes.forEach(this::checkOrder);
    }

    private void checkOrder(ConnectionKey connection, int closed) {
        int open = opens.getOrDefault(connection, Integer.MAX_VALUE);
        int kick = kicks.getOrDefault(connection, open);
        if (open > kick || kick > closed) {
            end.violated("P8", 0, "of " + connection + " the feed has the login at " + open + ", the end at " + closed);
        }
    }
}
