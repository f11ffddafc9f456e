package io.hongyan.im.core.session;

/** What a token is worth. */
public sealed interface TokenVerdict {
    /**
     * It was issued to this user and is valid now.
     *
     * @param device the only device name it is good for, null = any
     * @param platform the only platform it is good for, null = any
     */
    record Genuine(String uid, String device, String platform) implements TokenVerdict {}

    /** @param why one sentence that may be shown to the client; holds nothing of the token */
    record Worthless(String why) implements TokenVerdict {}
}
