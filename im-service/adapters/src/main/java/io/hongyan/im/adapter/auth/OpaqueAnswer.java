package io.hongyan.im.adapter.auth;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerdict.Worthless;
import io.hongyan.protocol.json.JsonFault;
import io.hongyan.protocol.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The request to a sign-on service, and its answer; the names are those of RFC 7662. */
final class OpaqueAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;

    private OpaqueAnswer() {}

    static String question(String token) {
        return JSON.createObjectNode().put("token", token).toString();
    }

    /** @throws IOException the answer says nothing about the token: a failure of the service */
    static TokenVerdict read(int status, String body, Instant askedAt) throws IOException {
        if (status == NOT_FOUND) {
            return new Worthless("The sign-on service does not know the token.");
        } else if (status != OK) {
            throw new IOException(
                    status == UNAUTHORIZED
                            ? "the sign-on service refuses the secret of this server (HTTP status 401); check"
                                    + " tokens.opaque.secret_file"
                            : "the sign-on service answers with HTTP status " + status);
        }
        JsonNode answer = parse(body);
        if (!answer.path("active").isBoolean()) {
            throw new IOException("the answer of the sign-on service has no field active");
        } else if (!answer.get("active").booleanValue()) {
            return new Worthless("The sign-on service refuses the token.");
        } else if (!answer.path("sub").isTextual()) {
            throw new IOException("the answer of the sign-on service has no field sub");
        }
        TokenFacts facts = new TokenFacts(seconds(answer, "iat"), askedAt.getEpochSecond(), seconds(answer, "exp"));
        Genuine genuine = new Genuine(answer.get("sub").asText(), text(answer, "dev"), text(answer, "plt"), facts);
        return hasEnded(genuine, askedAt) ? new Worthless("The token has expired.") : genuine;
    }

    static boolean hasEnded(Genuine genuine, Instant now) {
        long end = genuine.facts().expiresAt();
        return end > 0 && now.getEpochSecond() >= end;
    }

    private static JsonNode parse(String body) throws IOException {
        try (JsonParser in = JsonText.parser(body.getBytes(StandardCharsets.UTF_8))) {
            in.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
            JsonNode answer = JSON.readTree(in);
            JsonText.requireEnd(in);
            return answer == null ? JSON.missingNode() : answer;
        } catch (JacksonException | JsonFault malformed) {
            throw new IOException("the answer of the sign-on service is not JSON, or names a field twice");
        }
    }

    /** A wrong type does not count as missing: without an end the token would be valid for ever. */
    private static long seconds(JsonNode answer, String field) throws IOException {
        JsonNode value = answer.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        } else if (!value.isNumber() || !value.canConvertToLong()) {
            throw new IOException("the field " + field + " of the sign-on service's answer is not a number");
        }
        return Math.max(0, value.longValue());
    }

    private static String text(JsonNode answer, String field) throws IOException {
        JsonNode value = answer.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
            throw new IOException("the field " + field + " of the sign-on service's answer is not a text");
        }
        return value.isTextual() ? value.asText() : null;
    }
}
