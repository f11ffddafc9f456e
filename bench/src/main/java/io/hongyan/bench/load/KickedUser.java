package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.protocol.v1.Notice;
import java.util.ArrayList;
import java.util.List;

/** A user whose newest login must end the older ones; used on its loop's thread. */
final class KickedUser {
    private static final int PACKET_ID = 1;
    /** With it a notice begins that has this field: a message. */
    private static final byte KICKED_TAG = Notice.KICKED_FIELD_NUMBER << 3 | 2;

    private final int number;
    private final int users;
    private final MqttLoop loop;
    private final KickAddressing addressing;
    private final KickStats stats;
    private final List<OneLogin> open = new ArrayList<>();
    private int logins;
    private int underWay;
    private int answered;

    /** @param users how many there are in all */
    KickedUser(int number, int users, MqttLoop loop, KickAddressing addressing, KickStats stats) {
        this.number = number;
        this.users = users;
        this.loop = loop;
        this.addressing = addressing;
        this.stats = stats;
    }

    /** @param intended time of the login */
    void logIn(long intended) {
        stats.began(intended, loop.nowNanos());
        underWay++;
        loop.open(addressing.login(number, logins++, users), new OneLogin(intended));
    }

    int underWay() {
        return underWay;
    }

    boolean isLoggedInTwice() {
        return open.size() > 1;
    }

    /** Although a login was answered. */
    boolean isGone() {
        return open.isEmpty() && logins > 0;
    }

    void disconnect() {
        List.copyOf(open).forEach(login -> login.connection.disconnect());
    }

    private final class OneLogin implements ConnectionHandler {
        private final long intended;
        private final int answeredBefore = answered;
        private ClientConnection connection;
        private long connectedNanos;
        /** The first login that was answered after this one, unless it proved to be the older of the two. */
        private OneLogin newer;

        private boolean told;

        OneLogin(long intended) {
            this.intended = intended;
        }

        @Override
        public void connected(ClientConnection to, boolean sessionPresent) {
            connectedNanos = loop.nowNanos();
            connection = to;
            underWay--;
            answered++;
            stats.loggedIn(intended, connectedNanos);
            open.forEach(other -> other.newer = other.newer == null ? this : other.newer);
            open.add(this);
            to.subscribe(PACKET_ID, addressing.filter(number), 0);
        }

        @Override
        public void received(ClientConnection from, IncomingPublish publish) {
            if (!told && isKick(publish)) {
                told = true;
                stats.told(newerNanos(), loop.nowNanos());
            }
        }

        /** Of the notices, those of the epoch come too. */
        private static boolean isKick(IncomingPublish publish) {
            return publish.payloadLength() > 0 && publish.buffer().get(publish.payloadStart()) == KICKED_TAG;
        }

        @Override
        public void closed(ClientConnection ended, ConnectionEnd why) {
            String what = "login of user " + number + ": " + why.cause() + " (" + why.detail() + ")";
            if (connection == null) {
                underWay--;
                if (underWay > 0 || answered > answeredBefore) {
                    stats.overtaken++;
                } else {
                    stats.refused(what);
                }
                return;
            }
            open.remove(this);
            if (why.cause() == ConnectionEnd.Cause.CLOSED_HERE) {
                return;
            }
            if (newer == null && underWay == 0 && open.isEmpty()) {
                stats.endedAlone(what);
            } else {
                stats.closed(newerNanos(), loop.nowNanos());
            }
            if (newer == null) {
                open.stream().filter(other -> other.newer == this).forEach(other -> other.newer = null);
            }
        }

        /**
         * When the login was answered that displaces this one. Two concurrent logins may be answered in the other
         * order; and the server may end the older before its answer to the newer arrives: that counts as no time.
         */
        private long newerNanos() {
            if (newer != null) {
                return newer.connectedNanos;
            }
            return open.size() > 1 ? connectedNanos : loop.nowNanos();
        }

        @Override
        public void subscribed(ClientConnection to, int packetId, int code) {
            // A device that is displaced at once is never told.
        }

        @Override
        public void acknowledged(ClientConnection by, int packetId) {
            // Nothing is published.
        }

        @Override
        public void writable(ClientConnection again) {
            // Nothing was held back.
        }
    }
}
