package io.hongyan.im.adapter.push;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hongyan.im.core.hint.Hint;
import java.util.List;

/** The body of a request; docs/operating/hints.md describes it. */
final class HintJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private HintJson() {}

    static byte[] encode(List<Hint> hints) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode all = body.putArray("hints");
        for (Hint hint : hints) {
            ObjectNode one = all.addObject();
            one.put("uid", hint.uid());
            one.put("inboxSeq", Long.toString(hint.inboxSeq()));
            one.put("undelivered", hint.undelivered());
            one.putObject("peer")
                    .put("kind", hint.conversation().kind().name())
                    .put("id", hint.conversation().peerOf(hint.uid()));
            one.put("from", hint.sender());
            one.put("sentAt", Long.toString(hint.sentAtMillis()));
        }
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always JSON", impossible);
        }
    }
}
