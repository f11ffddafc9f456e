package io.hongyan.im.core.simulation;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.session.SessionDirectory;
import java.util.function.UnaryOperator;

/** Decorators that make the service break a promise, so that the checker can show that it notices. */
record Breakage(
        UnaryOperator<Storage> storage, UnaryOperator<Downlink> downlink, UnaryOperator<SessionDirectory> directory) {
    static final Breakage NONE =
            new Breakage(UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());

    static Breakage ofStorage(UnaryOperator<Storage> decorator) {
        return new Breakage(decorator, UnaryOperator.identity(), UnaryOperator.identity());
    }

    static Breakage ofDownlink(UnaryOperator<Downlink> decorator) {
        return new Breakage(UnaryOperator.identity(), decorator, UnaryOperator.identity());
    }

    static Breakage ofDirectory(UnaryOperator<SessionDirectory> decorator) {
        return new Breakage(UnaryOperator.identity(), UnaryOperator.identity(), decorator);
    }
}
