package io.hongyan.im.core.simulation;

import io.hongyan.im.core.hint.Hints;
import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.message.StoredMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an {@link InMemoryStorage} knows about undelivered messages. */
final class InMemoryHints implements Hints {
    private final InMemoryStorage storage;
    private final Map<String, Long> hinted = new HashMap<>();

    InMemoryHints(InMemoryStorage storage) {
        this.storage = storage;
    }

    @Override
    public Facts undelivered(Collection<Question> questions, int countMax) {
        synchronized (storage) {
            List<Undelivered> all = new ArrayList<>();
            for (Question question : questions) {
                if (storage.exists(question.uid())) {
                    all.add(undelivered(question, countMax));
                }
            }
            return new Facts(all);
        }
    }

    private Undelivered undelivered(Question question, int countMax) {
        String uid = question.uid();
        long head = storage.head(uid);
        long cursor = Math.max(question.cursor(), cursor(uid));
        int count = 0;
        Newest newest = null;
        for (Entry entry : entriesAfter(uid, Math.max(cursor, head - countMax))) {
            if (entry instanceof Entry.OfMessage of && !of.message().sender().equals(uid)) {
                StoredMessage message = of.message();
                newest = new Newest(entry.seq(), message.conversation(), message.sender(), message.sentAtMillis());
                count++;
            }
        }
        return new Undelivered(uid, cursor, head, count, newest, hinted.getOrDefault(uid, 0L));
    }

    @Override
    public Won claim(Collection<Claim> claims) {
        synchronized (storage) {
            Set<String> won = new HashSet<>();
            for (Claim claim : claims) {
                if (storage.exists(claim.uid()) && hinted.getOrDefault(claim.uid(), 0L) < claim.inboxSeq()) {
                    hinted.put(claim.uid(), claim.inboxSeq());
                    won.add(claim.uid());
                }
            }
            return new Won(won);
        }
    }

    @Override
    public Slice recent(long afterUser, long sinceMillis, int usersMax) {
        synchronized (storage) {
            List<String> uids = storage.uids();
            int end = (int) Math.min(uids.size(), afterUser + usersMax);
            List<Claim> heads = new ArrayList<>();
            for (String uid : uids.subList((int) afterUser, end)) {
                long head = storage.head(uid);
                boolean grown = head > Math.max(cursor(uid), hinted.getOrDefault(uid, 0L));
                if (grown && entriesAfter(uid, head - 1).stream().anyMatch(last -> isSince(last, sinceMillis))) {
                    heads.add(new Claim(uid, head));
                }
            }
            return new Slice(end < uids.size() ? end : 0, heads);
        }
    }

    private static boolean isSince(Entry entry, long sinceMillis) {
        return entry instanceof Entry.OfMessage of && of.message().sentAtMillis() >= sinceMillis;
    }

    private long cursor(String uid) {
        return storage.devices().of(uid).stream()
                .mapToLong(Device::cursor)
                .max()
                .orElse(0);
    }

    private List<Entry> entriesAfter(String uid, long seq) {
        return storage.read(uid, seq, Integer.MAX_VALUE, Integer.MAX_VALUE).entries();
    }
}
