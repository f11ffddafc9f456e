package io.hongyan.im.adapter.http;

/** Gives out tokens without asking who somebody is: for development only. Safe for many threads; may block. */
public interface DevelopmentTokens {
    /**
     * A token for a user, who exists afterwards.
     *
     * @param device the only device name it is valid for, null = any
     * @param platform the only platform it is valid for, null = any
     */
    String issue(String uid, String device, String platform, long ttlSeconds);
}
