package io.hongyan.bench.chaos.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Writes a history, one JSON object per line, and reads one; throws {@link UncheckedIOException}. */
public final class HistoryFile {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final ObjectWriter LINE_WRITER = MAPPER.writerFor(HistoryEvent.class);
    private static final ObjectReader LINE_READER = MAPPER.readerFor(HistoryEvent.class);

    private HistoryFile() {}

    /** Passes on every event of the file, in order. */
    public static void read(Path file, Consumer<HistoryEvent> to) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                to.accept(parse(line, number));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the history " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static HistoryEvent parse(String line, int number) throws IOException {
        try {
            return LINE_READER.readValue(line);
        } catch (JsonProcessingException e) {
            throw new IOException("line " + number + " is not an event: " + e.getOriginalMessage(), e);
        }
    }

    /** A file being written. Safe for many threads. */
    public static final class Writer implements AutoCloseable {
        private final BufferedWriter out;

        /** @param file created, or emptied */
        public Writer(Path file) {
            try {
                out = Files.newBufferedWriter(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public synchronized void write(HistoryEvent event) {
            try {
                out.write(LINE_WRITER.writeValueAsString(event));
                out.newLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public synchronized void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
