package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.message.StoredMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Everything that was recorded in one run, in order. */
final class RunHistory {
    record Step(long atMillis, Recorded what) {}

    private final Scheduler scheduler;
    private final List<Step> steps = new ArrayList<>();

    RunHistory(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void add(Recorded what) {
        steps.add(new Step(scheduler.elapsedMillis(), what));
    }

    List<Step> steps() {
        return steps;
    }

    /** The run in words, one line a step; the same for the same seed. */
    List<String> lines() {
        return steps.stream()
                .map(step -> step.atMillis + " " + inWords(step.what))
                .toList();
    }

    void writeTo(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, lines());
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static String inWords(Recorded what) {
        if (what instanceof Recorded.Pushed pushed) {
            return "Pushed " + pushed.connection() + " " + pushed.device() + " " + inWords(pushed.entry());
        }
        if (what instanceof Recorded.Received received) {
            return "Received " + received.connection() + " " + received.device() + " " + inWords(received.entry());
        }
        if (what instanceof Recorded.Streamed pushed) {
            return "Streamed " + pushed.connection() + " " + pushed.device() + " " + inWords(pushed.entry());
        }
        if (what instanceof Recorded.Pulled pulled) {
            return "Pulled " + pulled.device() + " after " + pulled.afterSeq() + ": "
                    + pulled.page().entries().stream().map(RunHistory::inWords).toList();
        }
        if (what instanceof Recorded.Read read) {
            return "Read " + read.conversation() + " by " + read.uid() + " "
                    + read.messages().stream().map(StoredMessage::seq).toList() + " of " + read.headSeq();
        }
        if (what instanceof Recorded.MessageChanged changed) {
            String change = new String(new PlainContents().encode(changed.change()), StandardCharsets.UTF_8);
            return "MessageChanged " + changed.conversation().id() + " by " + changed.actor() + " "
                    + changed.requestId() + " " + change + " " + changed.outcome();
        }
        return what.toString();
    }

    static String inWords(Entry entry) {
        return entry instanceof Entry.OfMessage of ? entry.seq() + "=" + inWords(of.message()) : entry.toString();
    }

    static String inWords(StoredMessage message) {
        return message.conversation().id() + "/" + message.seq() + " " + message.sender() + " "
                + message.clientMessageId();
    }
}
