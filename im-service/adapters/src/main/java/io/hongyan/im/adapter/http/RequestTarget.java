package io.hongyan.im.adapter.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request line asks for (RFC 9112, section 3.2): the decoded segments of the path and the parameters of the query.
 *
 * @param query of a parameter that is there twice, the first
 */
record RequestTarget(List<String> segments, Map<String, String> query) {
    private static final String SCHEME_END = "://";

    /** @throws Problem it is not encoded as it must be */
    static RequestTarget parse(String target) {
        String local = local(target);
        int mark = local.indexOf('?');
        String path = mark < 0 ? local : local.substring(0, mark);
        if (!local.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#') || !path.startsWith("/")) {
            throw Problem.malformed("The path of the request must be of printable ASCII characters.");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            segments.add(decode(segment));
        }
        if (segments.size() > 1 && segments.get(segments.size() - 1).isEmpty()) {
            segments.remove(segments.size() - 1);
        }
        return new RequestTarget(segments, mark < 0 ? Map.of() : query(local.substring(mark + 1)));
    }

    /** Clients may send the whole URL, as to a proxy. */
    private static String local(String target) {
        int scheme = target.indexOf(SCHEME_END);
        if (target.startsWith("/") || scheme < 0) {
            return target;
        }
        int path = target.indexOf('/', scheme + SCHEME_END.length());
        return path < 0 ? "/" : target.substring(path);
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String parameter : text.split("&")) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            if (!parameter.isEmpty()) {
                query.putIfAbsent(decode(name.replace('+', ' ')), decode(value.replace('+', ' ')));
            }
        }
        return query;
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.put((byte) c);
                continue;
            }
            boolean whole = i + 2 < text.length();
            int high = whole ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = whole ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw notEncoded();
            }
            bytes.put((byte) (high << 4 | low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException notUtf8) {
            throw notEncoded();
        }
    }

    private static Problem notEncoded() {
        return Problem.malformed(
                "The path of the request is not encoded correctly: % must be followed by two hexadecimal digits, and"
                        + " the bytes must be UTF-8.");
    }
}
