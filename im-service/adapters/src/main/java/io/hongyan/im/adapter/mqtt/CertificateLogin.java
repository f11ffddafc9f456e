package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.ClientCertificate;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom the names in a client's certificate make it. A pattern is a name with {@code {uid}}, and {@code {platform}} and {@code
 * {device}} if it is to be valid for these only, such as {@code uri:hongyan:{uid}:{platform}:{device}} or {@code cn:{uid}}. The
 * first pattern that fits any of the names decides. Such a certificate is as good as a token that was issued when it became
 * valid, so a revocation voids it.
 */
public final class CertificateLogin {
    /** Nobody comes in by a certificate. */
    public static final CertificateLogin NONE = new CertificateLogin(List.of());

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]*)}");
    private static final String VALUE = ">[A-Za-z0-9_.@-]{1,64})";

    private final List<Pattern> patterns = new ArrayList<>();

    /** @throws IllegalArgumentException one is no pattern; the message says why */
    public CertificateLogin(List<String> patterns) {
        patterns.forEach(pattern -> this.patterns.add(compiled(pattern)));
    }

    private static Pattern compiled(String pattern) {
        if (!pattern.matches("(cn|uri|dns):.*")) {
            throw new IllegalArgumentException("'" + pattern + "' does not begin with cn:, uri: or dns:");
        }
        StringBuilder regex = new StringBuilder();
        List<String> seen = new ArrayList<>();
        Matcher placeholder = PLACEHOLDER.matcher(pattern);
        int from = 0;
        while (placeholder.find()) {
            String name = placeholder.group(1);
            if (!List.of("uid", "platform", "device").contains(name) || seen.contains(name)) {
                throw new IllegalArgumentException(
                        "'" + pattern + "' may have {uid}, {platform} and {device}, each once, and no other in braces");
            }
            seen.add(name);
            regex.append(Pattern.quote(pattern.substring(from, placeholder.start())))
                    .append("(?<")
                    .append(name)
                    .append(VALUE);
            from = placeholder.end();
        }
        if (!seen.contains("uid")) {
            throw new IllegalArgumentException("'" + pattern + "' has no {uid}");
        }
        return Pattern.compile(
                regex.append(Pattern.quote(pattern.substring(from))).toString());
    }

    /** Null where there is no certificate, or it names nobody: then the client needs a token. */
    Genuine identify(ClientCertificate certificate) {
        if (certificate == null) {
            return null;
        }
        for (Pattern pattern : patterns) {
            for (String name : certificate.names()) {
                Matcher match = pattern.matcher(name);
                if (match.matches()) {
                    TokenFacts facts = new TokenFacts(
                            certificate.fromSeconds(), certificate.fromSeconds(), certificate.untilSeconds());
                    return new Genuine(group(match, "uid"), group(match, "device"), group(match, "platform"), facts);
                }
            }
        }
        return null;
    }

    private static String group(Matcher match, String name) {
        return match.pattern().pattern().contains("(?<" + name + '>') ? match.group(name) : null;
    }
}
