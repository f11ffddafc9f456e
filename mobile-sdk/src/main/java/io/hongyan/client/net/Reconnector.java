package io.hongyan.client.net;

/**
 * When to connect, where to, and when not to any more. It has no threads, no clock and no I/O: it is told what happens and
 * says what is to be done. One thread at a time uses it.
 */
public final class Reconnector {
    static final long CONNECT_MILLIS = 20_000;
    static final long TOKEN_MILLIS = 30_000;
    static final long STABLE_MILLIS = 60_000;
    static final int EARLY_LOSSES = 3;
    static final long SOME_SECONDS_MILLIS = 5_000;
    static final long DATA_CHANGED_MILLIS = 10_000;

    private final Gates gates;
    private final Backoff backoff;
    private final Backoff.Chance chance;
    private final LinkActions actions;

    private LinkState state = LinkState.STOPPED;
    private long nowMillis;
    private long untilMillis;
    private boolean hasToken;
    /** The token was got because one before was refused, and none was accepted since. */
    private boolean tokenIsLast;

    private long connectedAtMillis;
    private int earlyLosses;

    /** Stopped. */
    public Reconnector(Gates gates, Backoff.Chance chance, LinkActions actions) {
        this.gates = gates;
        this.backoff = new Backoff(chance);
        this.chance = chance;
        this.actions = actions;
    }

    /** Where it is. */
    public LinkState state() {
        return state;
    }

    // --- What the app does ------------------------------------------------------------------------------------------

    /** A connection is wanted, also after the device was kicked. */
    public void start() {
        if (isAtRest()) {
            tokenIsLast = false;
            attempt();
        }
    }

    /** None is wanted any more. */
    public void stop() {
        if (isLinked()) {
            actions.close();
        }
        become(LinkState.STOPPED);
    }

    /** The app has given a token, because it was asked or by itself. */
    public void tokenGiven() {
        hasToken = true;
        if (state == LinkState.ASKING_FOR_TOKEN || state == LinkState.TOKEN_NEEDED) {
            attempt();
        }
    }

    /** The app has no token to give. */
    public void tokenMissing() {
        if (state == LinkState.ASKING_FOR_TOKEN) {
            become(LinkState.TOKEN_NEEDED);
        }
    }

    /** The app is in the foreground, the device woke up, or the network is another one. */
    public void hint() {
        if (isWaiting() && backoff.hint(nowMillis)) {
            attempt();
        }
    }

    // --- What happens on the network --------------------------------------------------------------------------------

    /** Time has passed; by a clock that never goes back. */
    public void at(long elapsedMillis) {
        nowMillis = Math.max(nowMillis, elapsedMillis);
        if (nowMillis < untilMillis) {
            return;
        }
        if (isWaiting()) {
            attempt();
        } else if (state == LinkState.ASKING_FOR_TOKEN) {
            become(LinkState.TOKEN_NEEDED);
        } else if (state == LinkState.CONNECTING) {
            actions.close();
            failed();
        }
    }

    /** The gate has accepted the connection. */
    public void connected() {
        if (state == LinkState.CONNECTING) {
            tokenIsLast = false;
            connectedAtMillis = nowMillis;
            if (earlyLosses < EARLY_LOSSES) {
                backoff.succeeded();
            }
            become(LinkState.CONNECTED);
        }
    }

    /** The gate has refused the connection, with a return code of MQTT 3.1.1. */
    public void refused(int returnCode) {
        if (state != LinkState.CONNECTING) {
            return;
        }
        if (returnCode == 4 || returnCode == 5) {
            tokenRefused();
        } else if (returnCode == 3) {
            failed();
        } else {
            become(LinkState.REFUSED);
        }
    }

    /** The gate could not be reached, or is no gate. */
    public void failed() {
        if (state == LinkState.CONNECTING) {
            gates.next();
            waitFor(backoff.nextMillis());
        }
    }

    /** The connection has ended, and nobody has said why. */
    public void lost() {
        if (state != LinkState.CONNECTED) {
            return;
        }
        boolean early = nowMillis - connectedAtMillis < STABLE_MILLIS;
        earlyLosses = early ? earlyLosses + 1 : 0;
        if (early) {
            waitFor(backoff.nextMillis());
        } else {
            backoff.succeeded();
            waitFor(0);
        }
    }

    /** The server stops or moves its clients: another gate, after the time that it names. */
    public void goingAway(long afterMillis) {
        if (leave()) {
            gates.next();
            waitFor(Math.max(0, afterMillis));
        }
    }

    /** An operator has ended the connection. */
    public void endedByOperator() {
        if (leave()) {
            waitFor(SOME_SECONDS_MILLIS + (long) (chance.next() * SOME_SECONDS_MILLIS));
        }
    }

    /** The data of the server have another epoch. */
    public void dataChanged() {
        if (leave()) {
            waitFor((long) (chance.next() * DATA_CHANGED_MILLIS));
        }
    }

    /** The token has expired or was revoked. */
    public void tokenEnded() {
        if (leave()) {
            tokenRefused();
        }
    }

    /** Another device has taken the place of this one. */
    public void kicked() {
        if (leave()) {
            become(LinkState.KICKED);
        }
    }

    /** The user may not log in, or the app is too old. */
    public void refusedForGood() {
        if (leave()) {
            become(LinkState.REFUSED);
        }
    }

    /** The connection is of no use any more: the server does not answer. */
    public void silent() {
        if (leave()) {
            gates.next();
            waitFor(backoff.nextMillis());
        }
    }

    // --- What comes next --------------------------------------------------------------------------------------------

    private boolean leave() {
        if (state != LinkState.CONNECTED) {
            return false;
        }
        actions.close();
        return true;
    }

    private void tokenRefused() {
        hasToken = false;
        if (tokenIsLast) {
            become(LinkState.TOKEN_NEEDED);
        } else {
            tokenIsLast = true;
            attempt();
        }
    }

    private void attempt() {
        if (hasToken) {
            untilMillis = nowMillis + CONNECT_MILLIS;
            become(LinkState.CONNECTING);
            actions.connect(gates.current());
        } else {
            untilMillis = nowMillis + TOKEN_MILLIS;
            become(LinkState.ASKING_FOR_TOKEN);
            actions.askForToken();
        }
    }

    private void waitFor(long millis) {
        untilMillis = nowMillis + millis;
        become(earlyLosses < EARLY_LOSSES ? LinkState.WAITING : LinkState.UNSTABLE);
    }

    private boolean isAtRest() {
        return state == LinkState.STOPPED
                || state == LinkState.KICKED
                || state == LinkState.REFUSED
                || state == LinkState.TOKEN_NEEDED;
    }

    private boolean isLinked() {
        return state == LinkState.CONNECTING || state == LinkState.CONNECTED;
    }

    private boolean isWaiting() {
        return state == LinkState.WAITING || state == LinkState.UNSTABLE;
    }

    private void become(LinkState next) {
        if (state != next) {
            state = next;
            actions.stateChanged(next);
        }
    }
}
