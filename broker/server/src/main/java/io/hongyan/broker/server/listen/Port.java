package io.hongyan.broker.server.listen;

/**
 * One port that clients connect to.
 *
 * @param service what it serves
 * @param host an address or name of this machine
 * @param number 0 = any free one
 * @param tls whether clients use TLS
 * @param proxy whether proxies may connect and give the client's address (PROXY protocol)
 */
public record Port(Service service, String host, int number, boolean tls, boolean proxy) {
    /** What a port serves. */
    public enum Service {
        MQTT,
        /** MQTT over WebSocket, and nothing else. */
        WEB_SOCKET,
        /** HTTP, and MQTT over WebSocket at its path. */
        HTTP
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + number;
    }
}
