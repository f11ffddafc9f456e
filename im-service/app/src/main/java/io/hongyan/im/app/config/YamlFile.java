package io.hongyan.im.app.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML file as nested maps, lists and scalars, each with its line. */
final class YamlFile {
    private YamlFile() {}

    /** A value of the file. */
    sealed interface Node {
        int line();
    }

    record Section(Map<String, Node> entries, int line) implements Node {}

    /** @param text as written, without quotes */
    record Scalar(String text, int line) implements Node {}

    record Listing(List<String> items, int line) implements Node {}

    static Section read(Path file) throws ConfigException {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException unreadable) {
            throw new ConfigException(List.of("cannot read the configuration " + file + " ("
                    + unreadable.getClass().getSimpleName() + ")"));
        }
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return new Section(Map.of(), 1);
            }
            if (first != JsonToken.START_OBJECT) {
                throw fault(file, line(parser), "expected 'key: value'");
            }
            return section(file, parser);
        } catch (JsonProcessingException malformed) {
            int line = malformed.getLocation() == null
                    ? 1
                    : Math.max(1, malformed.getLocation().getLineNr());
            throw fault(file, line, "not YAML: " + firstLine(malformed.getOriginalMessage()));
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory failed", impossible);
        }
    }

    private static Section section(Path file, YAMLParser parser) throws IOException, ConfigException {
        int start = line(parser);
        Map<String, Node> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            int line = line(parser);
            JsonToken value = parser.nextToken();
            Node node;
            if (value == JsonToken.START_OBJECT) {
                node = new Section(section(file, parser).entries, line);
            } else if (value.isScalarValue()) {
                node = new Scalar(value == JsonToken.VALUE_NULL ? "" : parser.getText(), line);
            } else {
                node = new Listing(items(file, parser, key), line);
            }
            if (entries.put(key, node) != null) {
                throw fault(file, line, key + " is there twice");
            }
        }
        return new Section(entries, start);
    }

    private static List<String> items(Path file, YAMLParser parser, String key) throws IOException, ConfigException {
        List<String> items = new ArrayList<>();
        for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
            if (!item.isScalarValue()) {
                throw fault(file, line(parser), key + " takes a list of single values");
            }
            items.add(parser.getText());
        }
        return items;
    }

    private static int line(YAMLParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    private static ConfigException fault(Path file, int line, String what) {
        return new ConfigException(List.of(file + ":" + line + ": " + what));
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
