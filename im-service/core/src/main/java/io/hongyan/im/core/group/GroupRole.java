package io.hongyan.im.core.group;

/** What a member may do. The numbers are stored and are those of the wire. */
public enum GroupRole {
    MEMBER(1),
    ADMIN(2),
    OWNER(3);

    private final int number;

    GroupRole(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
