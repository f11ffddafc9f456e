package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.HintMapper;
import io.hongyan.im.adapter.sql.ReadConnection;
import io.hongyan.im.adapter.sql.SqlHints;
import io.hongyan.im.core.hint.Hints;
import io.hongyan.im.core.message.PartialResult;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How far a user was given hints is where the user is; who sent what is where the conversations are. */
final class ShardedHints implements Hints {
    private final Shards shards;
    private final OwnedUsers users;
    private final ShardedBodies bodies;

    ShardedHints(Shards shards, OwnedUsers users, ShardedBodies bodies) {
        this.shards = shards;
        this.users = users;
        this.bodies = bodies;
    }

    /** A user with what is above the cursor, oldest first. */
    private record Waiting(Question question, HintMapper.UserRow user, long cursor, List<InboxEntry> messages) {}

    @Override
    public Facts undelivered(Collection<Question> questions, int countMax) {
        Map<Question, Waiting> waiting = new HashMap<>();
        Set<String> left = uidsOf(questions);
        RuntimeException trouble =
                shards.eachPossible(questions, question -> Slots.ofUser(question.uid()), (slotSession, some) -> {
                    waiting.putAll(slotSession.read(session -> waiting(session, some, countMax)));
                    left.removeAll(uidsOf(some));
                });
        Set<FanOutMarks.Entry> wanted = new HashSet<>();
        waiting.values().forEach(one -> one.messages.forEach(row -> wanted.add(row.entry())));
        ShardedBodies.Found<ShardedBodies.About> about = bodies.possibleAbout(wanted);
        List<Undelivered> facts = new ArrayList<>(waiting.size());
        for (Question question : questions) {
            Waiting one = waiting.get(question);
            if (one != null
                    && one.messages.stream().anyMatch(row -> about.left().has(row.entry()))) {
                left.add(question.uid());
            } else if (one != null) {
                facts.add(undelivered(one, about.messages()));
            }
        }
        return new Facts(facts, new PartialResult<>(left, about.left().whyOr(trouble)));
    }

    private static Set<String> uidsOf(Collection<Question> questions) {
        return questions.stream().map(Question::uid).collect(Collectors.toCollection(HashSet::new));
    }

    private static Map<Question, Waiting> waiting(ReadConnection session, List<Question> questions, int countMax)
            throws SQLException {
        Map<Question, Waiting> waiting = new HashMap<>();
        for (Question question : questions) {
            HintMapper.UserRow user = session.mapper(HintMapper.class).findUser(question.uid());
            if (user != null) {
                long cursor = Math.max(question.cursor(), user.cursor());
                long after = Math.max(cursor, user.head() - countMax);
                List<InboxEntry> entries = after >= user.head()
                        ? List.of()
                        : InboxEntry.read(session.connection(), user.userId(), after, user.head(), countMax);
                List<InboxEntry> messages =
                        entries.stream().filter(InboxEntry::isMessage).toList();
                waiting.put(question, new Waiting(question, user, cursor, messages));
            }
        }
        return waiting;
    }

    private static Undelivered undelivered(Waiting one, Map<FanOutMarks.Entry, ShardedBodies.About> about) {
        int count = 0;
        Newest newest = null;
        for (InboxEntry row : one.messages) {
            ShardedBodies.About message = about.get(row.entry());
            if (message != null && message.senderId() != one.user.userId()) {
                count++;
                newest = new Newest(row.seq(), message.conversation(), message.sender(), message.sentAtMillis());
            }
        }
        return new Undelivered(one.question.uid(), one.cursor, one.user.head(), count, newest, one.user.hinted());
    }

    @Override
    public Won claim(Collection<Claim> claims) {
        Set<String> won = new HashSet<>();
        Set<String> left = claims.stream().map(Claim::uid).collect(Collectors.toCollection(HashSet::new));
        RuntimeException trouble =
                shards.eachPossible(claims, claim -> Slots.ofUser(claim.uid()), (slotSession, some) -> {
                    won.addAll(
                            new SqlHints(slotSession, slotSession).claim(some).uids());
                    some.forEach(claim -> left.remove(claim.uid()));
                });
        return new Won(won, new PartialResult<>(left, trouble));
    }

    @Override
    public Slice recent(long afterUser, long sinceMillis, int usersMax) {
        List<OwnedUsers.User> page = users.page(afterUser, usersMax, true);
        if (page.isEmpty()) {
            return new Slice(0, List.of());
        }
        List<OwnedUsers.User> behind = page.stream()
                .filter(user -> user.head() > user.hinted() && user.head() > user.cursor())
                .toList();
        // A read event, as the last entry, points to the message that was read.
        Map<FanOutMarks.Entry, ShardedBodies.About> about = bodies.readAbout(behind.stream()
                .map(OwnedUsers.User::last)
                .filter(entry -> entry.conversationId() > 0)
                .distinct()
                .toList());
        List<Claim> heads = new ArrayList<>();
        for (OwnedUsers.User user : behind) {
            ShardedBodies.About message = about.get(user.last());
            if (message != null && message.sentAtMillis() >= sinceMillis) {
                heads.add(new Claim(user.uid(), user.head()));
            }
        }
        return new Slice(page.get(page.size() - 1).id(), heads);
    }
}
