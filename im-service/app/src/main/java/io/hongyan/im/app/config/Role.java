package io.hongyan.im.app.config;

/** What a process of the distribution does. */
public enum Role {
    /** Everything, in one process. */
    ALL("all"),
    /** A gate: holds the connections of clients and asks a node. */
    BROKER("broker"),
    /** A node: serves gates and the HTTP API; no client connects to it over MQTT. */
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
