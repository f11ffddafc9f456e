package io.hongyan.im.adapter.mqtt;

import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.protocol.ProtocolVersion;
import java.util.regex.Pattern;

/**
 * What a node that comes later has to know beside what the gate knows: when the client logged in, its stamp, and of its token
 * when it was issued, since when it is proven, when it ends; and which version of the protocol it uses. Numbers with blanks
 * between.
 */
final class ResumeText {
    private static final int NUMBERS_MAX = 6;
    /** Releases before gave one number, then two, then five. */
    private static final Pattern FORM = Pattern.compile("[0-9]{1,18}( [0-9]{1,18}(( [0-9]{1,18}){3}( [0-9]{1,9})?)?)?");

    private ResumeText() {}

    /**
     * @param login at 0 where the text is none of ours
     * @param version 0 where none was told
     */
    record Resumed(Login.Earlier login, TokenFacts token, int version) {}

    /** The version of clients that tell none is left out: so nodes of the release before read it. */
    static String write(Login.Earlier login, TokenFacts token, int version) {
        return login.atMillis() + " " + login.stamp() + " " + token.issuedAt() + " " + token.provenAt() + " "
                + token.expiresAt() + (version > ProtocolVersion.UNTOLD ? " " + version : "");
    }

    /** Numbers that the release which wrote it did not know are 0. */
    static Resumed read(String text) {
        long[] numbers = new long[NUMBERS_MAX];
        if (FORM.matcher(text).matches()) {
            String[] written = text.split(" ");
            for (int i = 0; i < written.length; i++) {
                numbers[i] = Long.parseLong(written[i]);
            }
        }
        return new Resumed(
                new Login.Earlier(numbers[0], numbers[1]), new TokenFacts(numbers[2], numbers[3], numbers[4]), (int)
                        numbers[5]);
    }
}
