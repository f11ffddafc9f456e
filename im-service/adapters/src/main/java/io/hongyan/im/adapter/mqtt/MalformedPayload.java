package io.hongyan.im.adapter.mqtt;

/** A payload that is not what its topic takes. The message is a sentence for whoever sent it. */
final class MalformedPayload extends Exception {
    private static final long serialVersionUID = 1;

    private final String requestId;

    /** @param requestId what the request names itself by, empty where that is not known */
    MalformedPayload(String sentence, String requestId) {
        // No stack: clients can send many.
        super(sentence, null, false, false);
        this.requestId = requestId;
    }

    String requestId() {
        return requestId;
    }
}
