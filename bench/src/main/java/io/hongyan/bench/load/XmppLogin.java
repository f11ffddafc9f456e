package io.hongyan.bench.load;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a client of XMPP does to come online: stream, SASL PLAIN, stream, bind (RFC 6120), roster and presence (RFC 6121),
 * until it has its own presence. It looks for the ends of answers only.
 */
public final class XmppLogin implements LoginProtocol.Login {
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private final String user;
    private final String domain;
    private final String stream;
    private final String auth;

    public XmppLogin(String user, String domain, String password) {
        this.user = user;
        this.domain = domain;
        this.stream = "<?xml version='1.0'?><stream:stream to='" + domain
                + "' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
        byte[] plain = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        this.auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
                + Base64.getEncoder().encodeToString(plain) + "</auth>";
    }

    @Override
    public void in(Socket socket) throws IOException {
        ask(socket, stream, "</stream:features>");
        ask(socket, auth, "<success");
        ask(socket, stream, "</stream:features>");
        ask(
                socket,
                "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>phone</resource></bind></iq>",
                "</iq>");
        ask(socket, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>", "id='r'");
        ask(socket, "<presence/>", "<presence");
    }

    @Override
    public void out(Socket socket) throws IOException {
        send(socket, "</stream:stream>");
    }

    private void ask(Socket socket, String text, String awaited) throws IOException {
        send(socket, text);
        StringBuilder answer = new StringBuilder();
        byte[] some = new byte[4_096];
        while (answer.indexOf(awaited) < 0) {
            int count = socket.getInputStream().read(some);
            if (count < 0 || answer.length() > ANSWER_BYTES_MAX) {
                throw new LoadFailure("the login of " + user + "@" + domain + " was refused: " + answer);
            }
            answer.append(new String(some, 0, count, StandardCharsets.UTF_8));
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
