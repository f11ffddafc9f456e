package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.DeviceStory.InboxMessage;
import io.hongyan.bench.chaos.check.DeviceStory.Reception;
import io.hongyan.bench.chaos.check.DeviceStory.Sending;
import io.hongyan.bench.chaos.check.DeviceStory.StreamReception;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryEvent.Fed;
import io.hongyan.bench.chaos.history.HistoryEvent.Filed;
import io.hongyan.bench.chaos.history.HistoryEvent.GroupChange;
import io.hongyan.bench.chaos.history.HistoryEvent.Listed;
import io.hongyan.bench.chaos.history.HistoryEvent.Logged;
import io.hongyan.bench.chaos.history.HistoryEvent.Receive;
import io.hongyan.bench.chaos.history.HistoryEvent.Send;
import io.hongyan.bench.chaos.history.HistoryEvent.Stated;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A history sorted for the rules: messages, devices, and the end state. */
final class RunFacts {
    /** Prefix of the reason of a disconnect by the device itself. */
    private static final String CLOSED_HERE = "CLOSED_HERE";

    /** The source of the feed that is read from the storage. */
    static final String HTTP = "http";

    final Map<MessageKey, SentMessage> sent = new LinkedHashMap<>();
    final Map<String, DeviceStory> devices = new LinkedHashMap<>();
    /** End state: the log of each conversation, as it was read. */
    final Map<String, List<LogEntry>> logs = new TreeMap<>();
    /** End state: what has become of messages, by conversation and number. */
    final Map<String, Map<Long, Stated>> states = new HashMap<>();

    private final Map<String, TextsOfLog> texts = new HashMap<>();
    /** End state: the inbox of each user, as it was read. */
    final Map<String, List<InboxEntry>> inboxes = new TreeMap<>();

    /** End state: the conversations of the users. */
    final List<Listed> listed = new ArrayList<>();

    /** What users have said they have read, by what names a mark. */
    final Map<ReadMark.Name, ReadMark> marks = new LinkedHashMap<>();

    /** The feed by source, in the order of reading; empty if the run did not read it. */
    final Map<String, List<Fed>> feeds = new TreeMap<>();

    /** When the reader over HTTP was started. */
    final TreeSet<Long> feedOpened = new TreeSet<>();

    final Faults faults = new Faults();
    final List<HistoryEvent.SlotMoved> moved = new ArrayList<>();
    /** Devices at a gate when it was killed, and at a gate whose node was. */
    final List<Recovery.Hit> gateHits = new ArrayList<>();

    final List<Recovery.Hit> nodeHits = new ArrayList<>();

    /** By device and attempt. */
    private final Map<String, Map<Integer, LoginStory>> logins = new LinkedHashMap<>();
    /** By gate, the nodes that it has a connection to; one may occur twice. */
    private final Map<String, List<String>> links = new HashMap<>();

    private final Map<String, Memberships> memberships = new HashMap<>();

    long kills;
    long rocketMqKills;
    long databaseKills;
    long changes;
    boolean begun;
    boolean ended;
    /** From here on nothing is disturbed and nothing new is written. */
    long calmAt = Long.MAX_VALUE;
    /** The time of the last line. */
    long lastAt;

    /** Why the run did not become quiet; null if it did; "" if the history does not say. */
    String restless = "";

    /**
     * @param text for a change of a group, the change
     * @param change null if it is not one
     */
    record LogEntry(long seq, MessageKey key, String fromDevice, String text, GroupChange change) {
        /** Whether it counts: it is no change of a group or a message. */
        boolean isMessage() {
            return change == null && !RecordedChange.is(text);
        }

        /** Whether the server has written it by itself, as counts of reactions. */
        boolean isByServer() {
            return change == null
                    && RecordedChange.is(text)
                    && RecordedChange.of(text).kind().equals(HistoryEvent.COUNTED);
        }
    }

    /** @param message null for an entry that is not a message */
    record InboxEntry(long inboxSeq, InboxMessage message) {}

    void add(HistoryEvent event) {
        lastAt = Math.max(lastAt, event.at());
        if (event instanceof HistoryEvent.Run run) {
            begun = true;
            run.devices().forEach(this::device);
        } else if (event instanceof HistoryEvent.Connect connect) {
            DeviceStory.Connection made = device(connect.device()).connection(connect.connection());
            made.gate = connect.gate();
            made.openedAt = connect.openedAt();
            made.begunAt = connect.at();
        } else if (event instanceof HistoryEvent.Disconnect disconnect) {
            DeviceStory.Connection over = device(disconnect.device()).connection(disconnect.connection());
            over.endsAt(disconnect.at());
            over.goneAt = disconnect.at();
            over.endedHere = String.valueOf(disconnect.why()).startsWith(CLOSED_HERE);
        } else if (faults.outage(event)) {
            addOutage(event);
        } else if (event instanceof HistoryEvent.RocketMqKill) {
            rocketMqKills++;
        } else if (event instanceof HistoryEvent.Quiet quiet) {
            restless = quiet.reached() ? null : String.valueOf(quiet.detail());
        } else if (event instanceof HistoryEvent.End) {
            ended = true;
        } else if (!addSending(event)
                && !addReception(event)
                && !addMark(event)
                && !addChange(event)
                && !addMessageChange(event)
                && !addFeed(event)
                && !addCluster(event)
                && !addLogin(event)) {
            addEndState(event);
        }
    }

    private void addOutage(HistoryEvent event) {
        if (event instanceof HistoryEvent.Kill) {
            kills++;
            // Devices notice later, on a busy machine seconds later.
            devices.values().stream()
                    .flatMap(device -> device.connections.stream())
                    .forEach(connection -> connection.endsAt(event.at()));
        } else if (event instanceof HistoryEvent.DatabaseKill) {
            databaseKills++;
        }
    }

    private boolean addCluster(HistoryEvent event) {
        if (event instanceof HistoryEvent.Fault fault) {
            hit(faults.add(fault));
        } else if (event instanceof HistoryEvent.Healed healed) {
            faults.heal(healed);
        } else if (event instanceof HistoryEvent.SlotMoved slot) {
            moved.add(slot);
        } else if (event instanceof HistoryEvent.LinkOpened opened) {
            links.computeIfAbsent(opened.gate(), g -> new ArrayList<>()).add(opened.node());
            at(opened.gate()).forEach((connection, story) -> connection.linksOpened.add(opened.at()));
        } else if (event instanceof HistoryEvent.LinkClosed closed) {
            links.getOrDefault(closed.gate(), new ArrayList<>()).remove(closed.node());
        } else if (event instanceof HistoryEvent.Calm calm) {
            calmAt = calm.at();
        } else {
            return false;
        }
        return true;
    }

    private void hit(Faults.Fault fault) {
        if (!fault.kills()) {
            return;
        }
        at(fault.target).forEach((connection, story) -> {
            gateHits.add(new Recovery.Hit(fault, story, connection));
            // The device notices later.
            connection.endsAt(fault.at);
        });
        links.forEach((gate, nodes) -> {
            if (nodes.contains(fault.target)) {
                at(gate).forEach((connection, story) -> nodeHits.add(new Recovery.Hit(fault, story, connection)));
            }
        });
    }

    /** Connections to a gate that have not ended. */
    private Map<DeviceStory.Connection, DeviceStory> at(String gate) {
        Map<DeviceStory.Connection, DeviceStory> found = new LinkedHashMap<>();
        for (DeviceStory story : devices.values()) {
            if (!story.connections.isEmpty()) {
                DeviceStory.Connection last = story.connections.get(story.connections.size() - 1);
                if (gate.equals(last.gate) && last.endedAt == Long.MAX_VALUE) {
                    found.put(last, story);
                }
            }
        }
        return found;
    }

    private boolean addLogin(HistoryEvent event) {
        if (event instanceof HistoryEvent.Login login) {
            logins.computeIfAbsent(login.device(), d -> new TreeMap<>())
                    .put(login.attempt(), new LoginStory(login.device(), login.gate(), login.at()));
        } else if (event instanceof HistoryEvent.Online online) {
            login(online.device(), online.attempt()).onlineAt = online.at();
        } else if (event instanceof HistoryEvent.Kicked kicked) {
            login(kicked.device(), kicked.attempt()).toldAt = kicked.at();
        } else if (event instanceof HistoryEvent.Offline offline) {
            login(offline.device(), offline.attempt()).endedAt = offline.at();
        } else {
            return false;
        }
        return true;
    }

    private LoginStory login(String device, int attempt) {
        LoginStory story = logins.getOrDefault(device, Map.of()).get(attempt);
        if (story == null) {
            throw new IllegalArgumentException(device + " has an end of login " + attempt + ", which it never began");
        }
        return story;
    }

    /** Users of whom only one device of a class may be online. */
    List<LoginStory> logins() {
        return logins.values().stream()
                .flatMap(ofDevice -> ofDevice.values().stream())
                .toList();
    }

    /** The users whom an entry of a log is for, by the log itself. Available once the history is read. */
    Set<String> recipients(LogEntry entry) {
        return entry.key().ofGroup()
                ? memberships(entry.key().conversation()).recipients(entry.seq())
                : entry.key().users();
    }

    /**
     * The users in whose inboxes it belongs: for a large group, only those whom it adds or removes. Available once the
     * history is read.
     */
    Set<String> inboxRecipients(LogEntry entry) {
        return entry.key().ofGroup()
                ? memberships(entry.key().conversation()).inboxRecipients(entry.seq())
                : entry.key().users();
    }

    /** The memberships of a group, by its log. Available once the history is read. */
    Memberships memberships(String conversation) {
        return memberships.computeIfAbsent(
                conversation, c -> Memberships.of(logs.getOrDefault(conversation, List.of())));
    }

    private boolean addMark(HistoryEvent event) {
        if (event instanceof HistoryEvent.Read read) {
            ReadMark mark = new ReadMark(device(read.device()).user, read);
            marks.putIfAbsent(ReadMark.name(read.device(), read.connection(), read.to(), read.seq()), mark);
            return true;
        }
        if (event instanceof HistoryEvent.ReadAck ack) {
            ReadMark said = marks.get(ReadMark.name(ack.device(), ack.connection(), ack.to(), ack.seq()));
            if (said == null) {
                throw new IllegalArgumentException(ack + ", which it never said");
            }
            said.acknowledged(ack.at());
            return true;
        }
        return false;
    }

    private boolean addChange(HistoryEvent event) {
        if (event instanceof HistoryEvent.Change change) {
            MessageKey key = MessageKey.of(change.actor(), change.group(), change.id());
            if (sent.putIfAbsent(key, SentMessage.change(change.change().toString())) == null) {
                changes++;
            }
            return true;
        }
        if (event instanceof HistoryEvent.Changed changed) {
            SentMessage asked = sent.get(MessageKey.of(changed.actor(), changed.group(), changed.id()));
            asked.acknowledged = true;
            asked.answered(new HistoryEvent.Answer(
                    changed.at(), changed.actor(), 0, changed.id(), changed.code(), changed.seq(), 0, 0));
            return true;
        }
        return false;
    }

    private boolean addMessageChange(HistoryEvent event) {
        if (event instanceof HistoryEvent.AskChange ask) {
            MessageKey key = MessageKey.of(device(ask.device()).user, ask.to(), ask.id());
            sent.putIfAbsent(key, SentMessage.messageChange(ask.change()));
            return true;
        }
        if (event instanceof HistoryEvent.ChangeAnswer answer) {
            SentMessage asked = sent.get(MessageKey.of(device(answer.device()).user, answer.to(), answer.id()));
            // OK without a number: it was so already, or is told as a count.
            if (!answer.code().equals("OK") || answer.seq() > 0) {
                asked.acknowledged = true;
                asked.answered(new HistoryEvent.Answer(
                        answer.at(), answer.device(), 0, answer.id(), answer.code(), answer.seq(), 0, 0));
            }
            return true;
        }
        if (event instanceof Stated stated) {
            states.computeIfAbsent(MessageKey.conversation(stated.from(), stated.to()), c -> new HashMap<>())
                    .put(stated.seq(), stated);
            return true;
        }
        return false;
    }

    /** Whether an entry of a log has this text, or had it before it was edited or recalled. */
    boolean shows(LogEntry entry, String text) {
        return entry.text().equals(text) || texts(entry).had(entry, text);
    }

    /** All texts that this message has ever had, as far as they were sent. */
    Set<String> textsOf(LogEntry message) {
        return texts(message).of(message);
    }

    private TextsOfLog texts(LogEntry entry) {
        String conversation = entry.key().conversation();
        return texts.computeIfAbsent(
                conversation, c -> TextsOfLog.of(logs.getOrDefault(conversation, List.of()), sent));
    }

    private boolean addFeed(HistoryEvent event) {
        if (event instanceof HistoryEvent.FeedOpen open) {
            feed(open.source());
            if (source(open.source()).equals(HTTP)) {
                feedOpened.add(open.at());
            }
            return true;
        }
        if (event instanceof Fed fed) {
            feed(fed.source()).add(fed);
            return true;
        }
        return event instanceof HistoryEvent.FedOther;
    }

    private List<Fed> feed(String source) {
        return feeds.computeIfAbsent(source(source), s -> new ArrayList<>());
    }

    /** A history of one reader need not name it. */
    private static String source(String named) {
        return named == null ? HTTP : named;
    }

    private boolean addSending(HistoryEvent event) {
        if (event instanceof Send send) {
            DeviceStory story = device(send.device());
            MessageKey key = MessageKey.of(story.user, send.to(), send.id());
            SentMessage known = sent.putIfAbsent(key, SentMessage.message(send.text()));
            story.connection(send.connection())
                    .sendings
                    .add(new Sending(send.at(), key, known != null && known.acknowledged, known != null));
            return true;
        }
        if (event instanceof HistoryEvent.Ack ack) {
            message(ack.device(), ack.id()).acknowledged = true;
            device(ack.device())
                    .connection(ack.connection())
                    .acknowledged
                    .add(new DeviceStory.Acknowledged(ack.at(), ack.id()));
            return true;
        }
        if (event instanceof HistoryEvent.Answer answer) {
            message(answer.device(), answer.id()).answered(answer);
            return true;
        }
        return false;
    }

    /** A message by its id, which is unique per sender in a history. */
    private SentMessage message(String device, String id) {
        List<DeviceStory.Connection> connections = device(device).connections;
        for (int c = connections.size() - 1; c >= 0; c--) {
            List<Sending> sendings = connections.get(c).sendings;
            for (int i = sendings.size() - 1; i >= 0; i--) {
                if (sendings.get(i).key().id().equals(id)) {
                    return sent.get(sendings.get(i).key());
                }
            }
        }
        throw new IllegalArgumentException(device + " has an acknowledgement of '" + id + "', which it never sent");
    }

    private boolean addReception(HistoryEvent event) {
        if (event instanceof Receive receive) {
            MessageKey key = MessageKey.of(receive.from(), receive.to(), receive.id());
            InboxMessage message = new InboxMessage(
                    key, receive.fromDevice(), receive.seq(), content(receive.text(), receive.change()));
            device(receive.device())
                    .connection(receive.connection())
                    .receptions
                    .add(new Reception(receive.at(), receive.inboxSeq(), message));
            return true;
        }
        if (event instanceof HistoryEvent.ReceiveStream receive) {
            MessageKey key = MessageKey.of(receive.from(), receive.to(), receive.id());
            InboxMessage message = new InboxMessage(
                    key, receive.fromDevice(), receive.seq(), content(receive.text(), receive.change()));
            addStreamed(receive.device(), receive.connection(), receive.to(), receive.at(), receive.seq(), message);
            return true;
        }
        if (event instanceof HistoryEvent.ReceiveStreamOther other) {
            addStreamed(other.device(), other.connection(), other.group(), other.at(), other.seq(), null);
            return true;
        }
        if (event instanceof HistoryEvent.ReceiveOther other) {
            device(other.device())
                    .connection(other.connection())
                    .receptions
                    .add(new Reception(other.at(), other.inboxSeq(), null));
            return true;
        }
        return false;
    }

    private void addStreamed(
            String device, int connectionNumber, String group, long at, long seq, InboxMessage message) {
        DeviceStory.Connection connection = device(device).connection(connectionNumber);
        connection
                .streams
                .computeIfAbsent(group, g -> new ArrayList<>())
                .add(new StreamReception(at, seq, message, connection.receptions.size()));
    }

    private void addEndState(HistoryEvent event) {
        if (event instanceof Logged logged) {
            MessageKey key = MessageKey.of(logged.from(), logged.to(), logged.id());
            logs.computeIfAbsent(key.conversation(), c -> new ArrayList<>())
                    .add(new LogEntry(
                            logged.seq(),
                            key,
                            logged.fromDevice(),
                            content(logged.text(), logged.change()),
                            logged.change()));
        } else if (event instanceof Filed filed) {
            MessageKey key = MessageKey.of(filed.from(), filed.to(), filed.id());
            inbox(filed.user())
                    .add(new InboxEntry(
                            filed.inboxSeq(), new InboxMessage(key, filed.fromDevice(), filed.seq(), null)));
        } else if (event instanceof HistoryEvent.FiledOther other) {
            inbox(other.user()).add(new InboxEntry(other.inboxSeq(), null));
        } else if (event instanceof Listed conversation) {
            listed.add(conversation);
        }
    }

    /** The content of an entry, in a form that can be compared. */
    static String content(String text, GroupChange change) {
        return change == null ? text : change.toString();
    }

    private List<InboxEntry> inbox(String user) {
        return inboxes.computeIfAbsent(user, u -> new ArrayList<>());
    }

    private DeviceStory device(String clientId) {
        return devices.computeIfAbsent(clientId, DeviceStory::new);
    }
}
