package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/** One way to read the business feed. Used by one thread at a time. */
interface FeedSource extends AutoCloseable {
    /** Its name in the history. */
    String name();

    /** How long it reads before it dies, if the run still kills readers. */
    long drawLifeMillis(RandomGenerator random);

    /**
     * Starts to read, or continues from a position before its death.
     *
     * @return the position, for people
     */
    String open();

    /**
     * The next events, in the JSON mapping of {@code FeedEvent}; empty if there are none now.
     *
     * @throws IOException it could not be read; to be tried again
     */
    List<JsonNode> poll() throws IOException;

    /**
     * Ends the reading as a crash of the reader would.
     *
     * @return events that it has read already, in the same form
     */
    List<JsonNode> die();

    @Override
    void close();
}
