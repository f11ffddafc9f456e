package io.hongyan.im.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.HeldPushes;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.Sessions.Opened;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.im.core.simulation.PlainContents;
import io.hongyan.im.core.sync.ConversationList;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The core over a storage in memory, on the thread of the test; what clients get is recorded. */
abstract class MessagingOnOneThread {
    static final long SECOND = 1_000;
    static final Conversation CONVERSATION = Conversation.direct("alice", "bob");

    final InMemoryStorage storage = new InMemoryStorage();
    final Recorder clients = new Recorder();
    long now = 1_000_000;
    long connections;
    Executor blocking = Runnable::run;
    Messaging messaging = start();

    Messaging start() {
        return new Messaging(
                Dependencies.alone(
                        storage.ports(),
                        new LocalSessionDirectory(),
                        clients,
                        change -> change.toString().getBytes(StandardCharsets.UTF_8),
                        new PlainContents()),
                work -> blocking.execute(work),
                () -> Instant.ofEpochMilli(now),
                millis -> {},
                MessagingLimits.DEFAULT);
    }

    Opened login(String uid, Platform platform, String device, boolean cleanStart, long expirySeconds) {
        ConnectionKey connection = new ConnectionKey("g", ++connections);
        return (Opened) done(messaging
                .sessions()
                .logins()
                .open(new Login(connection, uid, platform, device, cleanStart, expirySeconds, 100)));
    }

    ClientSession online(String uid, Platform platform, String device) {
        ClientSession session = login(uid, platform, device, true, 0).session();
        done(session.startInbox(true));
        return session;
    }

    SendOutcome send(ClientSession from, String id) {
        return send(from, id, new byte[10]);
    }

    SendOutcome send(ClientSession from, String id, byte[] content) {
        return sendTo(from, CONVERSATION, id, content);
    }

    SendOutcome sendTo(ClientSession from, Conversation to, String id, byte[] content) {
        var answer = messaging.messages().sendMessage().send(from.origin(), from.device(), to, id, content, 0);
        try {
            messaging.messages().lane().runOnce(0);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return done(answer);
    }

    List<Long> pull(ClientSession session, long after, int limit) {
        InboxPage page = given(done(messaging.sync().pullInbox().pull(session.device(), after, limit)));
        return page.entries().stream().map(Entry::seq).toList();
    }

    List<Long> history(long before, long after, int limit) {
        return given(done(messaging.sync().readHistory().read("alice", CONVERSATION, before, after, limit)))
                .messages()
                .stream()
                .map(StoredMessage::seq)
                .toList();
    }

    Answer<Long> markRead(ClientSession session, long seq) {
        return done(messaging.receipts().markRead().mark(session.uid(), CONVERSATION, seq));
    }

    ConversationList.Page conversations(String uid, long afterVersion) {
        return given(done(messaging.sync().listConversations().list(uid, afterVersion, "", 0)));
    }

    void runTasks() {
        messaging.tasks().forEach(task -> task.work().run());
    }

    static <T> T given(Answer<T> answer) {
        assertThat(answer).isInstanceOf(Answer.Given.class);
        return ((Answer.Given<T>) answer).value();
    }

    static <T> T done(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }

    /** Everything that was sent to each connection, in order; a pushed message stands as its number. */
    static final class Recorder implements Downlink {
        private final Map<ConnectionKey, List<Object>> sent = new HashMap<>();

        List<Object> of(ClientSession session) {
            return sent.getOrDefault(session.connection(), List.of());
        }

        List<Long> pushed(ClientSession session) {
            return of(session).stream()
                    .filter(thing -> thing instanceof Long || thing instanceof Entry.OfEvent)
                    .map(thing -> thing instanceof Entry.OfEvent event ? Long.valueOf(event.seq()) : (Long) thing)
                    .toList();
        }

        private void add(ConnectionKey connection, Object thing) {
            sent.computeIfAbsent(connection, same -> new ArrayList<>()).add(thing);
        }

        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            return (stream, seq) -> add(stream.connection(), seq);
        }

        @Override
        public Gathering gather() {
            return new HeldPushes(this::prepare);
        }

        @Override
        public void push(EntryStream stream, Entry.OfEvent entry) {
            add(stream.connection(), entry);
        }

        @Override
        public boolean notice(ConnectionKey connection, Notice notice) {
            add(connection, notice);
            return true;
        }

        @Override
        public void close(ConnectionKey connection, CloseReason reason) {
            add(connection, reason);
        }
    }
}
