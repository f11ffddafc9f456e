package io.hongyan.bench.chaos.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/**
 * One line of a history. {@code at} is milliseconds since the run began; a {@code device} is an MQTT client id
 * {@code uid:platform:name}; {@code connection} counts a device's connections from 1; {@code to} is a uid, or
 * {@link #GROUP} and the id of a group.
 *
 * <p>The lines of one device are in the order in which that device did and saw things.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HistoryEvent.Run.class, name = "run"),
    @JsonSubTypes.Type(value = HistoryEvent.Connect.class, name = "connect"),
    @JsonSubTypes.Type(value = HistoryEvent.Disconnect.class, name = "disconnect"),
    @JsonSubTypes.Type(value = HistoryEvent.Send.class, name = "send"),
    @JsonSubTypes.Type(value = HistoryEvent.Ack.class, name = "ack"),
    @JsonSubTypes.Type(value = HistoryEvent.Answer.class, name = "answer"),
    @JsonSubTypes.Type(value = HistoryEvent.Receive.class, name = "receive"),
    @JsonSubTypes.Type(value = HistoryEvent.ReceiveOther.class, name = "receive_other"),
    @JsonSubTypes.Type(value = HistoryEvent.ReceiveStream.class, name = "receive_stream"),
    @JsonSubTypes.Type(value = HistoryEvent.ReceiveStreamOther.class, name = "receive_stream_other"),
    @JsonSubTypes.Type(value = HistoryEvent.Change.class, name = "change"),
    @JsonSubTypes.Type(value = HistoryEvent.Changed.class, name = "changed"),
    @JsonSubTypes.Type(value = HistoryEvent.AskChange.class, name = "ask_change"),
    @JsonSubTypes.Type(value = HistoryEvent.ChangeAnswer.class, name = "change_answer"),
    @JsonSubTypes.Type(value = HistoryEvent.Stated.class, name = "stated"),
    @JsonSubTypes.Type(value = HistoryEvent.Read.class, name = "read"),
    @JsonSubTypes.Type(value = HistoryEvent.ReadAck.class, name = "read_ack"),
    @JsonSubTypes.Type(value = HistoryEvent.FeedOpen.class, name = "feed_open"),
    @JsonSubTypes.Type(value = HistoryEvent.Fed.class, name = "fed"),
    @JsonSubTypes.Type(value = HistoryEvent.FedOther.class, name = "fed_other"),
    @JsonSubTypes.Type(value = HistoryEvent.Kill.class, name = "kill"),
    @JsonSubTypes.Type(value = HistoryEvent.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = HistoryEvent.RocketMqKill.class, name = "rocketmq_kill"),
    @JsonSubTypes.Type(value = HistoryEvent.RocketMqReady.class, name = "rocketmq_ready"),
    @JsonSubTypes.Type(value = HistoryEvent.DatabaseKill.class, name = "database_kill"),
    @JsonSubTypes.Type(value = HistoryEvent.DatabaseReady.class, name = "database_ready"),
    @JsonSubTypes.Type(value = HistoryEvent.Fault.class, name = "fault"),
    @JsonSubTypes.Type(value = HistoryEvent.Healed.class, name = "healed"),
    @JsonSubTypes.Type(value = HistoryEvent.SlotMoved.class, name = "slot_moved"),
    @JsonSubTypes.Type(value = HistoryEvent.LinkOpened.class, name = "link_opened"),
    @JsonSubTypes.Type(value = HistoryEvent.LinkClosed.class, name = "link_closed"),
    @JsonSubTypes.Type(value = HistoryEvent.Login.class, name = "login"),
    @JsonSubTypes.Type(value = HistoryEvent.Online.class, name = "online"),
    @JsonSubTypes.Type(value = HistoryEvent.Kicked.class, name = "kicked"),
    @JsonSubTypes.Type(value = HistoryEvent.Offline.class, name = "offline"),
    @JsonSubTypes.Type(value = HistoryEvent.Calm.class, name = "calm"),
    @JsonSubTypes.Type(value = HistoryEvent.Quiet.class, name = "quiet"),
    @JsonSubTypes.Type(value = HistoryEvent.Logged.class, name = "logged"),
    @JsonSubTypes.Type(value = HistoryEvent.Filed.class, name = "filed"),
    @JsonSubTypes.Type(value = HistoryEvent.FiledOther.class, name = "filed_other"),
    @JsonSubTypes.Type(value = HistoryEvent.Listed.class, name = "listed"),
    @JsonSubTypes.Type(value = HistoryEvent.End.class, name = "end")
})
public sealed interface HistoryEvent {
    /** The version of the format. */
    int FORMAT = 2;

    /** Prefix of a group's id in a field that may also have a uid. */
    String GROUP = "group:";

    /**
     * Prefix of a text that is a change of a message: the kind, the number of the message, and what it changes, with a space
     * between each: {@code !edited 7 another text}, {@code !reacted 7 +👍}, {@code !counted 7 👍=3,❤️=1}.
     */
    String CHANGE = "!";

    String RECALLED = "recalled";
    String EDITED = "edited";
    String REACTED = "reacted";
    String PINNED = "pinned";
    String COUNTED = "counted";

    /** The author of actions of a business line or the server. */
    String SYSTEM = "$system";

    long at();

    /** First line. Every device was connected and subscribed to its inbox before the first send. */
    record Run(long at, int format, long seed, int seconds, List<String> devices) implements HistoryEvent {}

    /**
     * CONNACK 0 has come.
     *
     * @param gate the gate of the connection if there are several, else null
     * @param openedAt when the device began to open the connection; 0 in a history that does not say
     */
    record Connect(
            long at,
            String device,
            int connection,
            boolean sessionPresent,
            @JsonInclude(JsonInclude.Include.NON_NULL) String gate,
            long openedAt)
            implements HistoryEvent {}

    record Disconnect(long at, String device, int connection, String why) implements HistoryEvent {}

    /** Written before the bytes leave. The same id again is a repetition of the same message. */
    record Send(long at, String device, int connection, String to, String id, String text) implements HistoryEvent {}

    /** PUBACK for a send of this connection. */
    record Ack(long at, String device, int connection, String id) implements HistoryEvent {}

    /**
     * SendAck: the numbers of the message in the conversation and in the sender's inbox; code OK, or the reason of the
     * refusal.
     */
    record Answer(long at, String device, int connection, String id, String code, long seq, long inboxSeq, long sentAt)
            implements HistoryEvent {}

    /**
     * What an entry of a group's log changes.
     *
     * @param kind as in the protocol: {@code created}, {@code added}, {@code removed}, {@code joined}, {@code left} ...
     * @param uids whose membership it is about, in the order of the entry; of {@code created} the owner first; of
     *     {@code joined} and {@code left} the author
     */
    record GroupChange(String kind, List<String> uids) {
        @Override
        public String toString() {
            return kind + uids;
        }
    }

    /** Written before a change is asked for over HTTP. The same id again is the same request again. */
    record Change(long at, String actor, String group, String id, GroupChange change) implements HistoryEvent {}

    /** The answer: the number of the entry and code OK, or the code of the refusal. */
    record Changed(long at, String actor, String group, String id, String code, long seq) implements HistoryEvent {}

    /** Written before a change of a message is asked for. The same id again is the same request again. */
    record AskChange(long at, String device, int connection, String to, String id, String change)
            implements HistoryEvent {}

    /** The answer: code OK and the number of the entry, 0 if there is none, or the code of the refusal. */
    record ChangeAnswer(long at, String device, int connection, String to, String id, String code, long seq)
            implements HistoryEvent {}

    /**
     * A message in the inbox, as pushed; the device acknowledges it at once.
     *
     * @param change null where it is not a change of a group
     */
    record Receive(
            long at,
            String device,
            int connection,
            long inboxSeq,
            String from,
            String fromDevice,
            String to,
            long seq,
            String id,
            String text,
            @JsonInclude(JsonInclude.Include.NON_NULL) GroupChange change)
            implements HistoryEvent {}

    /** An inbox entry that is not a message. */
    record ReceiveOther(long at, String device, int connection, long inboxSeq) implements HistoryEvent {}

    /** An entry of a large group in the group's own stream, as pushed; the device acknowledges it at once. */
    record ReceiveStream(
            long at,
            String device,
            int connection,
            String from,
            String fromDevice,
            String to,
            long seq,
            String id,
            String text,
            @JsonInclude(JsonInclude.Include.NON_NULL) GroupChange change)
            implements HistoryEvent {}

    /** Something in the stream of a large group that is not a message. */
    record ReceiveStreamOther(long at, String device, int connection, String group, long seq) implements HistoryEvent {}

    /** Written before the device says that its user has read a conversation up to a message. */
    record Read(long at, String device, int connection, String to, long seq) implements HistoryEvent {}

    /** PUBACK for that. */
    record ReadAck(long at, String device, int connection, String to, long seq) implements HistoryEvent {}

    /** SIGKILL was sent to the server, for the number-th time. */
    record Kill(long at, int number) implements HistoryEvent {}

    /** The server answered that it is ready, after so many kills. */
    record Ready(long at, int kills) implements HistoryEvent {}

    /** SIGKILL is about to be sent to the database server; the server goes on. */
    record DatabaseKill(long at, int number) implements HistoryEvent {}

    /** The database accepts connections again. */
    record DatabaseReady(long at, int kills) implements HistoryEvent {}

    /** SIGKILL was sent to these of {@code name_server} and {@code broker}, RocketMQ's processes, for the number-th time. */
    record RocketMqKill(long at, int number, List<String> parts) implements HistoryEvent {}

    /** RocketMQ can be used, after so many kills. */
    record RocketMqReady(long at, int kills) implements HistoryEvent {}

    /** Value of {@link Fault#kind} for a process that gets SIGKILL. */
    String KILL = "kill";

    /** Value of {@link Fault#kind} for slots that move to another database. */
    String MOVE = "move";

    /** Between the two ends of a link, where a part of a cluster is named. */
    char LINK = '~';

    /**
     * A cluster is about to be disturbed.
     *
     * @param kind {@code kill}, {@code pause}, {@code cut}, {@code stall}, {@code slow}, {@code restart}, {@code drain} or
     *     {@code move}
     * @param target {@code gate-1}, {@code node-2}, {@code mariadb}, {@code redis}, or two of them, or a client's side, with
     *     {@link #LINK} between; of a move the slots and the database, as {@code 0-31 to second}
     * @param millis how long it is left so; of a move, how long after its first slot its program is killed and started
     *     again, 0 if it is not
     */
    record Fault(long at, int number, String kind, String target, long millis) implements HistoryEvent {}

    /** The fault is over: the process is ready again, the link is whole. */
    record Healed(long at, int number) implements HistoryEvent {}

    /**
     * A slot is in another database.
     *
     * @param number of the fault
     * @param frozenMillis how long nobody could write to it
     */
    record SlotMoved(long at, int number, int slot, String from, String to, long frozenMillis)
            implements HistoryEvent {}

    /** A gate has opened a TCP connection to a node: its clients may be announced there. */
    record LinkOpened(long at, String gate, String node) implements HistoryEvent {}

    /** One of those is closed. */
    record LinkClosed(long at, String gate, String node) implements HistoryEvent {}

    /**
     * A device of a user of whom only one may be online is about to log in.
     *
     * @param attempt counts this device's logins from 1
     */
    record Login(long at, String device, int attempt, String gate) implements HistoryEvent {}

    /** CONNACK 0 for that login. */
    record Online(long at, String device, int attempt) implements HistoryEvent {}

    /** The device was told that another one displaces it. */
    record Kicked(long at, String device, int attempt) implements HistoryEvent {}

    /** Its connection is over, or never came to be. */
    record Offline(long at, String device, int attempt, String why) implements HistoryEvent {}

    /** All faults are healed; nobody writes anything new. */
    record Calm(long at) implements HistoryEvent {}

    /**
     * Sending has stopped. {@code reached}: everything was acknowledged and read in time; else detail says what was
     * not.
     */
    record Quiet(long at, boolean reached, String detail) implements HistoryEvent {}

    /**
     * From here on the run reads the feed; if this is not the first such line, the previous reader has died.
     *
     * @param source {@code http}, {@code rocketmq-remoting} or {@code rocketmq-grpc}, after RocketMQ's clients
     * @param position where it continues
     */
    record FeedOpen(long at, String source, String position) implements HistoryEvent {}

    /**
     * A message in the feed, in the order of reading; {@code change} as in {@link Receive}.
     *
     * @param source as of {@link FeedOpen}
     */
    record Fed(
            long at,
            String source,
            String key,
            long keySeq,
            String from,
            String to,
            String id,
            String text,
            @JsonInclude(JsonInclude.Include.NON_NULL) GroupChange change)
            implements HistoryEvent {}

    /** An event of the feed that is no message. */
    record FedOther(long at, String source, String key, long keySeq, String kind) implements HistoryEvent {}

    /** End state: a message of the log as {@code reader}, a user of the conversation, sees it; {@code change} as above. */
    record Logged(
            long at,
            String reader,
            String from,
            String fromDevice,
            String to,
            long seq,
            String id,
            String text,
            @JsonInclude(JsonInclude.Include.NON_NULL) GroupChange change)
            implements HistoryEvent {}

    /** End state: what has become of a message of the log, written behind it if it was changed. */
    record Stated(
            long at,
            String reader,
            String from,
            String to,
            long seq,
            long stateSeq,
            boolean edited,
            boolean recalled,
            boolean pinned,
            Map<String, Integer> reactions)
            implements HistoryEvent {}

    /** End state: a message in the inbox of {@code user}. */
    record Filed(long at, String user, long inboxSeq, String from, String fromDevice, String to, long seq, String id)
            implements HistoryEvent {}

    /** End state: a conversation in the list of {@code user}. */
    record Listed(
            long at,
            String user,
            String to,
            long headSeq,
            long readSeq,
            long headOrdinal,
            long readOrdinal,
            long unread)
            implements HistoryEvent {}

    /** End state: an entry of the inbox of {@code user} that is not a message. */
    record FiledOther(long at, String user, long inboxSeq) implements HistoryEvent {}

    /** Last line: the end state has been read to its end. */
    record End(long at) implements HistoryEvent {}
}
