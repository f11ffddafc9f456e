package io.hongyan.im.app;

import io.hongyan.broker.hook.grpc.LinkSettings;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.cluster.FencingEpoch;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks continuously whether this process has stalled, so that checks follow each other closely. Needed only if gates
 * connect to this node and there are other nodes to which they may go.
 */
final class ProcessStallWatch implements WatchedThreads {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessStallWatch.class);
    private static final long ASK_MILLIS_MAX = 200;
    /** Checks within the time that counts as a stall: a single one may be late. */
    private static final int QUESTIONS = 10;

    private final ProcessStall processStall;
    /** Null if it is not needed. */
    private final TurnDriver driver;

    private FencingEpoch told;

    /** @param onFault told why the watch has died */
    ProcessStallWatch(Settings settings, Consumer<String> onFault) {
        if (settings.cluster().redis().isOff()
                || settings.cluster().link().listen().isOff()) {
            this.processStall = ProcessStall.never();
            this.driver = null;
        } else {
            this.processStall = new ProcessStall(
                    System::nanoTime, millisMax(settings.cluster().link().limits()));
            this.driver = new TurnDriver(
                    "process-stall",
                    this::ask,
                    askMillis(settings.cluster().link().limits()),
                    onFault);
        }
        this.told = processStall.epoch();
    }

    /**
     * Gates go to another node after {@code silence}, and the last message from this node may be {@code ping} old by
     * then.
     */
    static long millisMax(LinkSettings link) {
        return Math.max(link.silenceMillis() / 2, link.silenceMillis() - 2L * link.pingMillis());
    }

    private static long askMillis(LinkSettings link) {
        return Math.min(ASK_MILLIS_MAX, Math.max(1, millisMax(link) / QUESTIONS));
    }

    ProcessStall processStall() {
        return processStall;
    }

    void start() {
        if (driver != null) {
            driver.start();
        }
    }

    @Override
    public void watch(ThreadWatch watch) {
        if (driver != null) {
            driver.watch(watch);
        }
    }

    void close() throws InterruptedException {
        if (driver != null) {
            driver.close();
        }
    }

    private boolean ask(long waitMillis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(waitMillis);
        FencingEpoch epoch = processStall.epoch();
        if (!epoch.equals(told)) {
            told = epoch;
            LOG.warn(
                    "This process stalled (the longest time {} ms): messages and logins that were requested before"
                            + " are left to other nodes",
                    processStall.longestMillis());
        }
        return false;
    }
}
