package io.hongyan.im.core.session;

/** What a token is worth. */
public sealed interface TokenVerdict {
    /**
     * It was issued to this user and is valid now.
     *
     * @param device the only device name it is good for, null = any
     * @param platform the only platform it is good for, null = any
     */
    record Genuine(String uid, String device, String platform, TokenFacts facts) implements TokenVerdict {
        /** {@code platform:name} of the only device it is good for, null where it does not name both. */
        public String boundTo() {
            return device == null || platform == null ? null : platform + ':' + device;
        }
    }

    /** @param why one sentence that may be shown to the client; holds nothing of the token */
    record Worthless(String why) implements TokenVerdict {}
}
