package io.hongyan.client.data;

import com.google.protobuf.MessageLite;
import io.hongyan.protocol.v1.SendRequest;
import java.util.ArrayList;
import java.util.List;

/** Writes down, a line each, what an engine does to the world; and keeps what it asks. */
final class Recorder implements Connection, DataListener {
    private final List<String> lines = new ArrayList<>();
    MessageLite lastRequest;

    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public void subscribe() {
        lines.add("subscribe");
    }

    @Override
    public void send(SendRequest request) {
        lines.add("send " + request.getClientMessageId() + " to "
                + request.getTo().getId());
    }

    @Override
    public void call(String method, MessageLite request) {
        lines.add("call " + method);
        lastRequest = request;
    }

    @Override
    public void acknowledge(long delivery) {
        lines.add("acknowledge " + delivery);
    }

    @Override
    public void end(Ending why) {
        lines.add("end " + why);
    }

    @Override
    public void phaseChanged(Phase phase) {
        lines.add(phase.toString());
    }

    @Override
    public void sendStateChanged(OutboxRow row, SendState state) {
        lines.add(row.clientMessageId() + " " + state);
    }

    @Override
    public void messageStored(MessageRow row, boolean isNew) {
        lines.add((isNew ? "new " : "again ") + row.conversation().id() + "/" + row.seq()
                + (row.localId() == 0 ? "" : " own"));
    }

    @Override
    public void conversationChanged(ConversationRow row) {
        lines.add("conversation " + row);
    }

    @Override
    public void historyRead(ConversationId conversation, long belowSeq, int messages) {
        lines.add("history " + conversation.id() + " below " + belowSeq + ": " + messages);
    }

    @Override
    public void numbersForgotten() {
        lines.add("forgotten");
    }
}
