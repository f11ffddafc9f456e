package io.hongyan.im.app.fault;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.sync.ConversationList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stores each sending under a new client message id, so that none is ever recognised; readers get the id that was sent.
 */
final class ForgetfulStorage {
    private static final char MARK = '~';

    private ForgetfulStorage() {}

    static Storage around(Storage storage) {
        return storage.with(MessageLog.class, new Log(storage.log()))
                .with(Inbox.class, new Reading(storage.inbox()))
                .with(History.class, new Past(storage.history()))
                .with(ConversationList.class, new Overview(storage.conversations()));
    }

    private static StoredMessage asSent(StoredMessage stored) {
        String id = stored.clientMessageId();
        int mark = id.lastIndexOf(MARK);
        return new StoredMessage(
                stored.conversation(),
                stored.seq(),
                stored.ordinal(),
                stored.sender(),
                stored.senderDevice(),
                mark < 0 ? id : id.substring(0, mark),
                stored.sentAtMillis(),
                stored.content());
    }

    private static final class Log implements MessageLog {
        private final MessageLog log;
        // Ids must differ from those of the process before as well.
        private final AtomicLong counter = new AtomicLong(System.currentTimeMillis() << 12);

        Log(MessageLog log) {
            this.log = log;
        }

        @Override
        public List<Appended> append(List<Draft> batch, long nowMillis) {
            List<Draft> unknown = batch.stream()
                    .map(draft -> new Draft(
                            draft.conversation(),
                            draft.sender(),
                            draft.senderDevice(),
                            draft.clientMessageId() + MARK + Long.toString(counter.incrementAndGet(), 36),
                            draft.content()))
                    .toList();
            return log.append(unknown, nowMillis).stream()
                    .map(result -> result instanceof Appended.Stored stored
                            ? new Appended.Stored(
                                    asSent(stored.message()), stored.positions(), stored.fanOut(), stored.outgrown())
                            : result)
                    .toList();
        }
    }

    private record Reading(Inbox inbox) implements Inbox {
        @Override
        public InboxPage read(String uid, long afterSeq, int entriesMax, int bytesMax) {
            InboxPage page = inbox.read(uid, afterSeq, entriesMax, bytesMax);
            List<Entry> entries = page.entries().stream()
                    .map(entry -> entry instanceof Entry.OfMessage of
                            ? new Entry.OfMessage(of.seq(), asSent(of.message()))
                            : entry)
                    .toList();
            return new InboxPage(entries, page.headSeq(), page.oldestSeq());
        }

        @Override
        public long head(String uid) {
            return inbox.head(uid);
        }
    }

    private record Past(History history) implements History {
        @Override
        public List<StoredMessage> read(
                Conversation conversation, long above, long below, boolean newest, int messagesMax, int bytesMax) {
            return history.read(conversation, above, below, newest, messagesMax, bytesMax).stream()
                    .map(ForgetfulStorage::asSent)
                    .toList();
        }

        @Override
        public long head(Conversation conversation) {
            return history.head(conversation);
        }

        @Override
        public Position position(Conversation conversation, long seq) {
            return history.position(conversation, seq);
        }
    }

    private record Overview(ConversationList list) implements ConversationList {
        @Override
        public Page list(String uid, long afterInboxSeq, String page, int limit, int bytesMax) {
            Page found = list.list(uid, afterInboxSeq, page, limit, bytesMax);
            return new Page(asSent(found.items()), found.inboxHead(), found.next());
        }

        @Override
        public Some only(String uid, List<Conversation> asked, int bytesMax) {
            Some found = list.only(uid, asked, bytesMax);
            return new Some(asSent(found.items()), found.passed());
        }

        private static List<Item> asSent(List<Item> items) {
            return items.stream()
                    .map(item -> new Item(
                            item.conversation(),
                            item.headSeq(),
                            ForgetfulStorage.asSent(item.last()),
                            item.mine(),
                            item.peer(),
                            item.joinedOrdinal()))
                    .toList();
        }
    }
}
