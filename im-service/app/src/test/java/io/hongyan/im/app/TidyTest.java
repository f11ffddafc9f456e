package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.app.JavaSizes.Kind;
import io.hongyan.im.app.JavaSizes.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No source file of any module becomes too long to read easily. The exceptions from before the limits are listed in
 * {@code tidy.txt}; the list may only shrink: a size in it must be lowered when the code has become a fifth smaller,
 * and a line must be removed when it is no longer needed.
 */
final class TidyTest {
    private static final Map<Kind, Integer> LIMITS = Map.of(Kind.FILE, 500, Kind.METHOD, 60, Kind.PARAMETERS, 10);
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path LIST = Path.of("src/test/resources/tidy.txt");

    private static final Pattern CHANCE =
            Pattern.compile("new (Splittable)?Random\\(\\)|ThreadLocalRandom|Math\\.random"
                    + "|randomUUID|[sS]eed = [^;]*([nN]ano|[mM]illi)|@Property\\s*(\\((?![^)]*seed)|\\n)");

    private static final Pattern PROGRAMS =
            Pattern.compile("ProcessBuilder|RoleProcess|starters\\.(MariaDb|MySql8|Redis|RocketMq|SqlServer)");

    private static final String CLIENT = "mobile-sdk/";

    /** Lower it when a line of the list was removed. */
    private static final int LISTED_MAX = 6;

    @Test
    void nothingIsAboveItsLimit() throws IOException {
        Map<Place, Integer> allowed = listed();
        assertThat(allowed).as("lines of %s", LIST).hasSizeLessThanOrEqualTo(LISTED_MAX);
        assertThat(findings(ROOT, allowed)).isEmpty();
    }

    @Test
    void whatIsTooLargeIsFoundAndWhatShrankLeavesTheList(@TempDir Path root) throws IOException {
        Path file = root.resolve("module/src/test/java/Large.java");
        Files.createDirectories(file.getParent());
        String parameters = "int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k";
        Files.writeString(
                file,
                "class Large {\n  record Wide(" + parameters + ") {}\n  Large(" + parameters + ") {}\n"
                        + "  void longer() {" + "\n".repeat(60) + "}\n  void fits() {" + "\n".repeat(59) + "}\n"
                        + "\n".repeat(400) + "}\n");
        String name = "module/src/test/java/Large.java";

        assertThat(findings(root, Map.of()))
                .containsExactlyInAnyOrder(
                        "FILE " + name + " is 525, at most 500",
                        "METHOD " + name + " Large.longer is 61, at most 60",
                        "PARAMETERS " + name + " Large is 11, at most 10",
                        "PARAMETERS " + name + " Large.Wide is 11, at most 10");
        assertThat(findings(
                        root,
                        Map.of(
                                new Place(Kind.FILE, name, ""), 525,
                                new Place(Kind.METHOD, name, "Large.longer"), 77,
                                new Place(Kind.METHOD, name, "Large.fits"), 61,
                                new Place(Kind.METHOD, name, "Large.gone"), 61,
                                new Place(Kind.PARAMETERS, name, "Large"), 11,
                                new Place(Kind.PARAMETERS, name, "Large.Wide"), 14)))
                .containsExactlyInAnyOrder(
                        "METHOD " + name + " Large.longer is 61: write that into the list, not 77",
                        "METHOD " + name + " Large.fits is 60: take it off the list",
                        "METHOD " + name + " Large.gone is 0: take it off the list",
                        "PARAMETERS " + name + " Large.Wide is 11: write that into the list, not 14");
    }

    /** So that a run shows the same each time; {@code seeds.txt} has them. */
    @Test
    void randomNumbersOfTestsComeFromFixedSeeds() throws IOException {
        List<String> findings = new ArrayList<>();
        for (Path file : sources(ROOT)) {
            if (file.toString().contains("src/test/java") && !file.endsWith("TidyTest.java")) {
                Matcher found = CHANCE.matcher(Files.readString(file));
                while (found.find()) {
                    findings.add(ROOT.relativize(file) + ": " + found.group());
                }
            }
        }
        assertThat(findings)
                .as("take Seeds.of(test), Names.unused(prefix), @Property(seed = …)")
                .isEmpty();
    }

    /** {@code scripts/test --fast} installs and starts nothing. */
    @Test
    void whoStartsOtherProgramsHasATag() throws IOException {
        List<String> findings = new ArrayList<>();
        for (Path file : sources(ROOT)) {
            String text = Files.readString(file);
            if (file.toString().endsWith("Test.java")
                    && !file.endsWith("TidyTest.java")
                    && PROGRAMS.matcher(text).find()
                    && !text.contains("\n@Tag(")) {
                findings.add(ROOT.relativize(file).toString());
            }
        }
        assertThat(findings)
                .as("@Tag(\"servers\") or @Tag(\"long\") is missing")
                .isEmpty();
    }

    /**
     * So that a name in an import, a log line or a talk means one class. The client library is a product of its own, which
     * knows no class of the server and has the same things to name.
     */
    @Test
    void noSimpleNameStandsForTwoClassesOfMainCode() throws IOException {
        Map<String, List<String>> places = new TreeMap<>();
        for (Path file : sources(ROOT)) {
            String place = ROOT.relativize(file).toString();
            String name = file.getFileName().toString();
            if (place.contains("src/main/java/") && !name.equals("package-info.java")) {
                String product = place.startsWith(CLIENT) ? CLIENT : "";
                places.computeIfAbsent(product + name, first -> new ArrayList<>())
                        .add(place);
            }
        }
        assertThat(places).hasSizeGreaterThan(900);
        places.values().removeIf(files -> files.size() == 1);
        assertThat(places).isEmpty();
    }

    private static TreeSet<String> findings(Path root, Map<Place, Integer> allowed) throws IOException {
        Map<Place, Integer> sizes = JavaSizes.of(root, sources(root));
        TreeSet<String> findings = new TreeSet<>();
        sizes.forEach((place, size) -> {
            int limit = allowed.getOrDefault(place, LIMITS.get(place.kind()));
            if (size > limit) {
                findings.add(place + " is " + size + ", at most " + limit);
            }
        });
        allowed.forEach((place, limit) -> {
            int size = sizes.getOrDefault(place, 0);
            if (size <= LIMITS.get(place.kind())) {
                findings.add(place + " is " + size + ": take it off the list");
            } else if (size * 10 < limit * 8) {
                findings.add(place + " is " + size + ": write that into the list, not " + limit);
            }
        });
        return findings;
    }

    private static List<Path> sources(Path root) throws IOException {
        return JavaSources.below(root).stream()
                .filter(path -> root.relativize(path).toString().matches(".*src/(main|test)/java/.*"))
                .toList();
    }

    private static Map<Place, Integer> listed() throws IOException {
        Map<Place, Integer> allowed = new HashMap<>();
        for (String line : Files.readAllLines(LIST)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split(" ");
            Place place = new Place(Kind.valueOf(words[1]), words[2], words.length > 3 ? words[3] : "");
            allowed.put(place, Integer.parseInt(words[0]));
        }
        return allowed;
    }
}
