package io.hongyan.im.core.push;

/** What becomes of a push. */
public enum PushMode {
    /** A message in each inbox. */
    STORE,
    /** A notice for those who are connected, nothing for the others. */
    ONLINE_ONLY
}
