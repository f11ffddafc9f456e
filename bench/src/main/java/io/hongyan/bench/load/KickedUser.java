package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttConnection;
import io.hongyan.bench.mqtt.MqttLoop;
import java.util.ArrayList;
import java.util.List;

/** A user whose newest login is to end the older ones; used on its loop's thread. */
final class KickedUser {
    private static final int PACKET_ID = 1;

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

    /** @param intended when it was meant to */
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
        private MqttConnection connection;
        private long newerNanos;
        private boolean displaced;
        private boolean told;

        OneLogin(long intended) {
            this.intended = intended;
        }

        @Override
        public void connected(MqttConnection to, boolean sessionPresent) {
            long now = loop.nowNanos();
            connection = to;
            underWay--;
            answered++;
            stats.loggedIn(intended, now);
            open.forEach(older -> older.displaced(now));
            open.add(this);
            to.subscribe(PACKET_ID, addressing.filter(number), 0);
        }

        private void displaced(long now) {
            if (!displaced) {
                displaced = true;
                newerNanos = now;
            }
        }

        @Override
        public void received(MqttConnection from, IncomingPublish publish) {
            if (!told) {
                told = true;
                stats.told(newerNanos(), loop.nowNanos());
            }
        }

        @Override
        public void closed(MqttConnection ended, ConnectionEnd why) {
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
            if (!displaced && underWay == 0) {
                stats.endedAlone(what);
            } else {
                stats.closed(newerNanos(), loop.nowNanos());
            }
        }

        /** The server may end the older connection before its answer to the newer one is here: that is no time at all. */
        private long newerNanos() {
            return displaced ? newerNanos : loop.nowNanos();
        }

        @Override
        public void subscribed(MqttConnection to, int packetId, int code) {
            // Who is displaced at once is never told.
        }

        @Override
        public void acknowledged(MqttConnection by, int packetId) {
            // Nothing is published.
        }

        @Override
        public void writable(MqttConnection again) {
            // Nothing was held back.
        }
    }
}
