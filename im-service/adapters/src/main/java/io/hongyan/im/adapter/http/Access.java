package io.hongyan.im.adapter.http;

/**
 * Who may call an operation.
 *
 * @param scope what a business key must be valid for, null where none is accepted
 * @param users whether a user token serves
 */
record Access(HttpScope scope, boolean users) {
    /** No proof is asked for. */
    static final Access ANYBODY = new Access(null, false);

    static final Access USERS = new Access(null, true);

    static Access business(HttpScope scope) {
        return new Access(scope, false);
    }

    static Access businessAndUsers(HttpScope scope) {
        return new Access(scope, true);
    }

    boolean isOpen() {
        return scope == null && !users;
    }
}
