package io.hongyan.im.core.session;

/**
 * What is remembered of a device that another one has displaced. Stock clients come back at once, displace the other one, and
 * so on for ever: so it has to wait, each time twice as long while that goes on.
 *
 * @param displacedAt when it was displaced last; all times in milliseconds
 * @param pauseMillis how long after that it is let in again
 * @param tokenIssuedAt of the token of the session that was displaced, Unix seconds, 0 = not known; a newer one is let in
 * @param triedAt when it first came back after that, 0 = not yet
 * @param enteredAt when it was let in after that, 0 = not yet
 * @param lastAt when one of these happened last
 */
public record ReturnPause(
        long displacedAt, long pauseMillis, long tokenIssuedAt, long triedAt, long enteredAt, long lastAt) {
    public static final long FIRST_MILLIS = 5_000;
    public static final long MAX_MILLIS = 300_000;

    /** Who comes back so soon does it by itself, and is not a person who changes devices. */
    public static final long REPEAT_MILLIS = 60_000;

    /** After so long without displacement and return, all is forgotten. */
    public static final long QUIET_MILLIS = 600_000;

    /** @param before null where nothing is remembered */
    static ReturnPause displaced(ReturnPause before, long tokenIssuedAt, long now) {
        long pause = before == null || before.isForgotten(now) || !before.isRepeatedBy(now)
                ? FIRST_MILLIS
                : Math.min(MAX_MILLIS, 2 * before.pauseMillis);
        return new ReturnPause(now, pause, tokenIssuedAt, 0, 0, now);
    }

    /**
     * Whether it came back by itself, and a displacement now is the answer of another device that does so too. That one may
     * have had to wait twice as long as this one.
     */
    private boolean isRepeatedBy(long now) {
        return triedAt > 0
                && triedAt - displacedAt <= REPEAT_MILLIS
                && enteredAt > 0
                && now - enteredAt <= REPEAT_MILLIS + 2 * pauseMillis;
    }

    boolean isForgotten(long now) {
        return now - lastAt > QUIET_MILLIS;
    }

    /** @return how long it has to wait still with the token it had, 0 = it may come in */
    long remaining(long now) {
        // A clock that was set back must not make it wait longer.
        return Math.max(0, Math.min(pauseMillis, displacedAt + pauseMillis - now));
    }

    ReturnPause tried(boolean letIn, long now) {
        return new ReturnPause(
                displacedAt,
                pauseMillis,
                tokenIssuedAt,
                triedAt > 0 ? triedAt : now,
                letIn && enteredAt == 0 ? now : enteredAt,
                now);
    }
}
