package io.hongyan.im.app.config;

import io.hongyan.settings.FilePaths;
import io.hongyan.settings.Setting;
import java.nio.file.Path;
import java.util.List;

/** The log. */
public record LogSettings(
        @Setting(
                value = "File for the log, in `data_directory` unless absolute; `off` = standard output, where"
                        + " nothing limits it.",
                defaultValue = "off")
        String file,

        @Setting(
                value = "A log file of this size is renamed to FILE.1, and a new one is started.",
                defaultValue = "16_777_216",
                unit = "bytes",
                min = 4_096,
                max = 1L << 40)
        long bytesMax,

        @Setting(
                value = "Renamed log files that are kept; older ones are deleted.",
                defaultValue = "8",
                min = 1,
                max = 20)
        int filesMax) {
    private static final String OFF = "off";

    public boolean isOff() {
        return file.equals(OFF);
    }

    /** Only for a log that is not off. */
    public Path in(Path dataDirectory) {
        return dataDirectory.resolve(file);
    }

    /** What is wrong. */
    List<String> contradictions() {
        return isOff() || FilePaths.parse(file).isPresent()
                ? List.of()
                : List.of("log.file takes a path" + FilePaths.reason(file) + ", or off");
    }
}
