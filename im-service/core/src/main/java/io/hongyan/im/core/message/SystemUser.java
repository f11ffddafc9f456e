package io.hongyan.im.core.message;

/** The sender of what no user has sent: pushes, and changes made by business lines. Nobody can log in as it. */
public final class SystemUser {
    /** Not a name that users can have. */
    public static final String UID = "$system";

    /** Where its messages come from. */
    public static final String DEVICE = "system:server";

    private SystemUser() {}
}
