package io.hongyan.im.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The text of a configuration file: UTF-8, with or without a byte order mark, whatever the locale is. */
final class ConfigText {
    static final int BYTES_MAX = 1 << 20;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private ConfigText() {}

    /** Null if there is a fault. */
    static String read(Path file, ConfigFaults faults) {
        byte[] bytes;
        try {
            if (Files.isDirectory(file)) {
                faults.addGeneral(cannotRead(file, "it is a directory"));
                return null;
            }
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(BYTES_MAX + 1);
            }
        } catch (IOException unreadable) {
            faults.addGeneral(cannotRead(file, reason(unreadable)));
            return null;
        }
        if (bytes.length > BYTES_MAX) {
            faults.addGeneral(cannotRead(file, "it has more than " + BYTES_MAX + " bytes"));
            return null;
        }
        return decode(bytes, faults);
    }

    private static String cannotRead(Path file, String why) {
        return "cannot read the configuration " + file + ": " + why;
    }

    /** Why a file cannot be read, as a text. */
    static String reason(IOException unreadable) {
        if (unreadable instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (unreadable instanceof AccessDeniedException) {
            return "this process has no right to read it";
        }
        return String.valueOf(unreadable.getMessage());
    }

    private static String decode(byte[] bytes, ConfigFaults faults) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        ByteBuffer left = ByteBuffer.wrap(bytes);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(left, text, true);
        text.flip();
        if (result.isError()) {
            faults.add(line(text, text.length()), "this is not UTF-8");
            return null;
        }
        boolean marked = text.length() > 0 && text.charAt(0) == BYTE_ORDER_MARK;
        return text.subSequence(marked ? 1 : 0, text.length()).toString();
    }

    /** The number of the line, from 1, of a character. */
    static int line(CharSequence text, int at) {
        return 1
                + (int) text.subSequence(0, Math.min(at, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }
}
