package io.hongyan.bench.load;

import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.PushNotice;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;
import java.nio.ByteBuffer;

/** Reads number and stamp of a delivered message in place. One per loop. */
final class DeliveryReader {
    private final WireScan scan = new WireScan();
    private long inboxSeq;
    private int stampAt;

    /** False if there is no stamped message in it. */
    boolean read(DeliveryForm form, ByteBuffer in, int start, int length) {
        int end = start + length;
        inboxSeq = 0;
        boolean found = switch (form) {
            case INBOX_ENTRY -> entry(in, start, end);
            case PUSH_NOTICE ->
                scan.find(in, start, end, Notice.PUSH_FIELD_NUMBER)
                        && scan.find(in, scan.start(), scan.end(), PushNotice.CONTENT_FIELD_NUMBER);
            case SEND_REQUEST -> scan.find(in, start, end, SendRequest.CONTENT_FIELD_NUMBER);
        };
        found = found
                && scan.find(in, scan.start(), scan.end(), Content.TEXT_FIELD_NUMBER)
                && scan.find(in, scan.start(), scan.end(), Text.TEXT_FIELD_NUMBER);
        stampAt = scan.start();
        return found && Stamp.isAt(in, stampAt, scan.length());
    }

    private boolean entry(ByteBuffer in, int start, int end) {
        if (!scan.find(in, start, end, InboxEntry.SEQ_FIELD_NUMBER)) {
            return false;
        }
        inboxSeq = scan.number();
        return scan.find(in, start, end, InboxEntry.MESSAGE_FIELD_NUMBER)
                && scan.find(in, scan.start(), scan.end(), Message.CONTENT_FIELD_NUMBER);
    }

    /** The code of a {@code SendAck}; 0 is success. */
    long replyCode(ByteBuffer in, int start, int length) {
        return scan.find(in, start, start + length, SendAck.CODE_FIELD_NUMBER) ? scan.number() : 0;
    }

    /** The inbox number; 0 from a plain broker. */
    long inboxSeq() {
        return inboxSeq;
    }

    int stampAt() {
        return stampAt;
    }
}
