package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The contents of docs/operating/monitoring.md, compared with running servers and with the code. */
public final class MonitoringPage {
    /** The directory of the repository, from a module's. */
    static final Path REPOSITORY = Path.of("../..");

    private static final Pattern NAME = Pattern.compile("\\bhongyan_[a-z0-9_]*[a-z0-9]");
    private static final Pattern LITERAL = Pattern.compile("\"([a-z][a-z0-9_]*)[\"{]");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z][a-z0-9_]*)[ {]");

    private MonitoringPage() {}

    /** Fails if a server's metrics page has one of our metrics that is not explained. */
    public static void explains(String metricsPage) {
        Set<String> unexplained = new TreeSet<>();
        Set<String> explained = explained();
        for (String name : samples(metricsPage)) {
            if (name.startsWith("hongyan_") && !explained.contains(name) && !explained.contains(base(name))) {
                unexplained.add(name);
            }
        }
        assertThat(unexplained)
                .as("metrics that docs/operating/monitoring.md does not explain")
                .isEmpty();
    }

    /** All names of ours on the page for operators. */
    static Set<String> explained() {
        return names(read(REPOSITORY.resolve("docs/operating/monitoring.md")));
    }

    static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher name = NAME.matcher(text);
        while (name.find()) {
            names.add(name.group());
        }
        return names;
    }

    /** Every name on a metrics page. */
    static Set<String> samples(String metricsPage) {
        Set<String> names = new TreeSet<>();
        Matcher sample = SAMPLE.matcher(metricsPage);
        while (sample.find()) {
            names.add(sample.group(1));
        }
        return names;
    }

    /** A histogram's name without what each of its lines ends in. */
    static String base(String name) {
        return name.replaceAll("_(bucket|sum|count|max)$", "");
    }

    /** Words of the code that may be names of metrics. */
    static Set<String> literals() throws IOException {
        Set<String> found = new TreeSet<>();
        for (String module : new String[] {"broker", "im-service", "runtime"}) {
            for (Path file : JavaSources.below(REPOSITORY.resolve(module))) {
                if (file.toString().contains("src/main/java")) {
                    Matcher literal = LITERAL.matcher(read(file));
                    while (literal.find()) {
                        found.add(literal.group(1));
                    }
                }
            }
        }
        return found;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
