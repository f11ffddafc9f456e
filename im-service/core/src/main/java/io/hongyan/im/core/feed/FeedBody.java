package io.hongyan.im.core.feed;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;
import java.util.stream.Stream;

/** What an event of the feed tells. */
public sealed interface FeedBody {
    /** Its content, as limits count it. */
    default int bytes() {
        return 0;
    }

    /** A message, or a change of a group, is in the log. */
    record MessageStored(StoredMessage message) implements FeedBody {
        @Override
        public int bytes() {
            return message.bytes();
        }
    }

    /** Everything but messages; stored by {@link EventLog}. */
    sealed interface Occurred extends FeedBody {
        /** What it is ordered by, see {@link FeedKeys}. */
        String key();
    }

    /**
     * A client has logged in.
     *
     * @param platform as in a client id
     * @param atMillis when it logged in
     */
    record SessionOpened(DeviceKey device, String platform, ConnectionKey connection, long atMillis)
            implements Occurred {
        @Override
        public String key() {
            return FeedKeys.user(device.uid());
        }
    }

    /** A client's connection has ended. One that was kicked ends too: both are told, the kick first. */
    record SessionClosed(DeviceKey device, ConnectionKey connection, SessionEnd why) implements Occurred {
        @Override
        public String key() {
            return FeedKeys.user(device.uid());
        }
    }

    /**
     * A newer login has displaced a session.
     *
     * @param byDevice {@code platform:name} of the newer one, a device of the same user
     */
    record SessionKicked(DeviceKey device, ConnectionKey connection, String byDevice) implements Occurred {
        @Override
        public String key() {
            return FeedKeys.user(device.uid());
        }
    }

    /**
     * A user's marks have moved.
     *
     * @param deliveredSeq messages up to here have reached one of the user's devices, 0 = this mark has not moved
     * @param readSeq messages up to here have been read, 0 = this mark has not moved
     */
    record Receipt(String uid, Conversation conversation, long deliveredSeq, long readSeq) implements Occurred {
        @Override
        public String key() {
            return FeedKeys.user(uid);
        }
    }

    /**
     * A client has reported something to the business line.
     *
     * @param device {@code platform:name}
     * @param destination as configured
     * @param payload as it came; must not be changed
     */
    record Reported(String uid, String device, String destination, byte[] payload) implements Occurred {
        @Override
        public int bytes() {
            return payload.length;
        }

        @Override
        public String key() {
            return FeedKeys.user(uid);
        }
    }

    /**
     * A push has reached everybody it was for, or will not.
     *
     * @param recipients users it was for
     * @param stored users in whose inbox it stands
     * @param online users with a connection it was written to
     * @param offline users that took no notice of it
     * @param unknown users that do not exist
     */
    record PushFinished(String pushId, long recipients, long stored, long online, long offline, long unknown)
            implements Occurred {
        @Override
        public String key() {
            return FeedKeys.push(pushId);
        }
    }

    /**
     * Some of those whom a push has not reached; all of them are told before it is finished, perhaps some twice.
     *
     * @param offline uids of users that took no notice of it
     * @param unknown uids of nobody
     */
    record PushUnreached(String pushId, List<String> offline, List<String> unknown) implements Occurred {
        public PushUnreached {
            offline = List.copyOf(offline);
            unknown = List.copyOf(unknown);
        }

        @Override
        public int bytes() {
            return Stream.concat(offline.stream(), unknown.stream())
                    .mapToInt(String::length)
                    .sum();
        }

        @Override
        public String key() {
            return FeedKeys.push(pushId);
        }
    }

    /**
     * A push that came by a queue, whose author cannot be answered, is refused.
     *
     * @param pushId empty where it could not be read
     * @param detail one sentence for its author
     * @param messageId what the queue calls the message it came in
     */
    record PushRefused(String pushId, Refusal refusal, String detail, String messageId) implements Occurred {
        @Override
        public int bytes() {
            return pushId.length() + detail.length() + messageId.length();
        }

        @Override
        public String key() {
            return FeedKeys.push(pushId);
        }
    }

    /**
     * A device has acknowledged a push.
     *
     * @param device {@code platform:name}
     */
    record PushAcknowledged(String pushId, String uid, String device) implements Occurred {
        @Override
        public String key() {
            return FeedKeys.user(uid);
        }
    }

    /** A server or gate has started, or a gate has come to a node: sessions that were opened there before are over. */
    record NodeStarted(String node) implements Occurred {
        @Override
        public String key() {
            return FeedKeys.node(node);
        }
    }
}
