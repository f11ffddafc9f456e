package io.hongyan.client.data;

/**
 * Which entries of a conversation's log are stored: {@code held} as they are now; {@code stale} as they were when something
 * of the conversation was missed, so that changes of them may be missing. No number is in both.
 */
public final class LogSpans {
    private final Spans held;
    private final Spans stale;

    /** As it was stored. */
    public LogSpans(Spans held, Spans stale) {
        this.held = new Spans(held);
        this.stale = new Spans(stale);
    }

    LogSpans() {
        this(new Spans(), new Spans());
    }

    LogSpans copy() {
        return new LogSpans(held, stale);
    }

    void hold(long seq) {
        held.add(seq);
        stale.remove(seq);
    }

    /** @return whether anything was held */
    boolean lose() {
        boolean any = !held.isEmpty();
        stale.addAll(held);
        held.clear();
        return any;
    }

    boolean holds(long seq) {
        return held.contains(seq);
    }

    boolean stores(long seq) {
        return held.contains(seq) || stale.contains(seq);
    }

    /** As they are now. A copy. */
    public Spans held() {
        return new Spans(held);
    }

    /** As they once were. A copy. */
    public Spans stale() {
        return new Spans(stale);
    }

    @Override
    public String toString() {
        return held + (stale.isEmpty() ? "" : " stale " + stale);
    }
}
