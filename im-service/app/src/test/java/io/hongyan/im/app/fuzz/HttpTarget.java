package io.hongyan.im.app.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A request at the HTTP listener of a whole server: as it comes, or after a line with a valid key. The answer is HTTP,
 * and never 500 or a page of HTML.
 */
public final class HttpTarget {
    private static final int PORTION = 64;
    /** By its type or its first character; the text of a request may stand in the JSON of an error. */
    private static final Pattern HTML = Pattern.compile("(?i)\r\n(content-type: *text/html|\r\n\\s*<)");

    private static String key;
    private static int runs;

    private HttpTarget() {}

    /** Starting the server is not to count as the time of an input. */
    public static void fuzzerInitialize() {
        FuzzedServer.shared();
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        FuzzedServer fuzzed = FuzzedServer.shared();
        if (key == null) {
            key = fuzzed.server.httpKey();
        }
        byte[] answer = fuzzed.exchange(fuzzed.server.httpPort(), request(input));
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        if (!text.isEmpty() && !text.startsWith("HTTP/1.")) {
            throw new AssertionError("not HTTP: " + text);
        }
        if (text.startsWith("HTTP/1.1 500") || HTML.matcher(text).find() || text.contains("\tat ")) {
            throw new AssertionError("an answer nobody wrote: " + text);
        }
        runs++;
        if (runs % PORTION == 0) {
            fuzzed.requireOthersServed();
        }
    }

    /** If the first byte is odd, the first line of the input is the request line and the rest the body. */
    private static byte[] request(byte[] input) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        if ((input[0] & 1) == 0) {
            request.write(input, 1, input.length - 1);
            return request.toByteArray();
        }
        int end = 1;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        int body = Math.min(end + 1, input.length);
        request.write(input, 1, end - 1);
        request.writeBytes((" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + key
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + (input.length - body) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.write(input, body, input.length - body);
        return request.toByteArray();
    }
}
