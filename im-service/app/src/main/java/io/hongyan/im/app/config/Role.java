package io.hongyan.im.app.config;

/** What a process of the distribution does. */
public enum Role {
    /** Everything, in one process. */
    ALL("all"),
    /** Holds the connections of clients; asks a logic node. */
    BROKER("broker"),
    /** Serves gates and the HTTP API; no client connects to it. */
    IM_SERVICE("im-service");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
