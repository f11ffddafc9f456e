package io.hongyan.protocol.json;

import java.io.IOException;

/** What somebody sent is not what is read here. The message is a sentence for whoever sent it, in printable ASCII. */
public final class JsonFault extends IOException {
    private static final long serialVersionUID = 1;

    JsonFault(String sentence) {
        super(sentence);
    }

    /** No stack: it is the client's fault, and clients can send many. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
