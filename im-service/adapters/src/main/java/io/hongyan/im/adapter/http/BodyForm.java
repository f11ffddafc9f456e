package io.hongyan.im.adapter.http;

import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;
import java.util.Set;

/** In which form a body may come: JSON in UTF-8, not compressed. */
final class BodyForm {
    /** The second is what curl says by itself of anything it is given. */
    private static final Set<String> TYPES = Set.of("application/json", "application/x-www-form-urlencoded");

    private BodyForm() {}

    /** @throws Problem 415 where the headers say something else; without the headers it is taken for JSON */
    static void check(Router.HeaderLookup headers) {
        String coding = headers.get("Content-Encoding");
        if (coding != null && !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
            throw refused("The body must not be compressed: no content coding is accepted.")
                    .with("Accept-Encoding", "identity");
        }
        String type = headers.get("Content-Type");
        if (type != null && !isJson(type.toLowerCase(Locale.ROOT))) {
            throw refused("The body must be application/json in UTF-8.").with("Accept", "application/json");
        }
    }

    private static boolean isJson(String contentType) {
        String[] parts = contentType.split(";");
        if (parts.length == 0 || !TYPES.contains(parts[0].strip())) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replaceAll("[\\s\"]", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return true;
    }

    private static Problem refused(String detail) {
        return new Problem(ErrorCode.MALFORMED, HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, detail);
    }
}
