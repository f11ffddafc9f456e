package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/** One way to read the business feed. Used by one thread at a time. */
interface FeedSource extends AutoCloseable {
    /** As the history calls it. */
    String name();

    /** How long it reads before it dies, if nobody wants it to go on. */
    long drawLifeMillis(RandomGenerator random);

    /**
     * Begins to read, or goes on where it had got to some time before it died.
     *
     * @return the position, for people
     */
    String open();

    /**
     * What comes next, in the JSON mapping of {@code FeedEvent}; nothing if there is nothing now.
     *
     * @throws IOException it could not be read; to be tried again
     */
    List<JsonNode> poll() throws IOException;

    /**
     * Ends the reading as a crash of the reader would.
     *
     * @return what it has taken already, in the same form
     */
    List<JsonNode> die();

    @Override
    void close();
}
