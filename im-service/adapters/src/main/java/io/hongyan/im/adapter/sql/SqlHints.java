package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.HintMapper.NewestRow;
import io.hongyan.im.adapter.sql.HintMapper.UserRow;
import io.hongyan.im.core.hint.Hints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How far a user was given hints is a column of the user. */
public final class SqlHints implements Hints {
    private final ReadExecutor reads;
    private final WriteExecutor writes;

    public SqlHints(ReadExecutor reads, WriteExecutor writes) {
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Facts undelivered(Collection<Question> questions, int countMax) {
        return reads.read(connection -> {
            HintMapper mapper = connection.mapper(HintMapper.class);
            List<Undelivered> all = new ArrayList<>(questions.size());
            for (Question question : questions) {
                UserRow user = mapper.findUser(question.uid());
                if (user != null) {
                    all.add(undelivered(mapper, question, user, countMax));
                }
            }
            return new Facts(all);
        });
    }

    private static Undelivered undelivered(HintMapper mapper, Question question, UserRow user, int countMax) {
        long cursor = Math.max(question.cursor(), user.cursor());
        long after = Math.max(cursor, user.head() - countMax);
        int count = after < user.head() ? mapper.countOthers(user.userId(), after) : 0;
        NewestRow row = count > 0 ? mapper.findNewestOther(user.userId(), after) : null;
        Newest newest = row == null
                ? null
                : new Newest(
                        row.inboxSeq(),
                        Kinds.conversation(row.conversationKind(), row.conversationName()),
                        row.sender(),
                        row.sentAtMillis());
        return new Undelivered(question.uid(), cursor, user.head(), count, newest, user.hinted());
    }

    @Override
    public Won claim(Collection<Claim> claims) {
        return claims.isEmpty()
                ? new Won(Set.of())
                : writes.write(transaction -> {
                    HintMapper hints = transaction.mapper(HintMapper.class);
                    Set<String> won = new HashSet<>();
                    for (Claim claim : claims) {
                        if (hints.claim(claim.uid(), claim.inboxSeq()) > 0) {
                            won.add(claim.uid());
                        }
                    }
                    return new Won(won);
                });
    }

    @Override
    public Slice recent(long afterUser, long sinceMillis, int usersMax) {
        return reads.read(connection -> {
            HintMapper mapper = connection.mapper(HintMapper.class);
            Long last = mapper.findLastUser(afterUser, usersMax);
            if (last == null) {
                return new Slice(0, List.of());
            }
            List<Claim> heads = mapper.findRecent(afterUser, last, sinceMillis).stream()
                    .map(row -> new Claim(row.uid(), row.head()))
                    .toList();
            return new Slice(last, heads);
        });
    }
}
