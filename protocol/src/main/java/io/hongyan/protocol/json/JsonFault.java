package io.hongyan.protocol.json;

import java.io.IOException;

/** The JSON of a client cannot be accepted. The message is a sentence for the client, in printable ASCII. */
public final class JsonFault extends IOException {
    private static final long serialVersionUID = 1;

    JsonFault(String sentence) {
        super(sentence);
    }

    /** No stack trace: the client caused it, and clients can send many. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
