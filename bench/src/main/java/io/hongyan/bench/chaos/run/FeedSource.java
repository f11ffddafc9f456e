package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/** One way to read the business feed. Used by one thread at a time. */
interface FeedSource extends AutoCloseable {
    /** As the history calls it. */
    String name();

    /**
     * Begins to read; if it was reading, ends that as a crash of the reader would, and goes on where it had got to some
     * time before.
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

    @Override
    void close();
}
