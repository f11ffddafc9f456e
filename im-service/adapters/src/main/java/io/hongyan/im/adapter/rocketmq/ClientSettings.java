package io.hongyan.im.adapter.rocketmq;

import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.remoting.netty.TlsSystemConfig;

/**
 * How a client finds RocketMQ.
 *
 * @param nameServers {@code HOST:PORT}, more than one with semicolons between; they need not be up
 * @param group under which operators see this client, and consumers share their work
 * @param sendTimeoutMillis within which a request to send is answered
 * @param tls whether name servers and brokers speak TLS, with certificates of authorities that Java trusts
 */
public record ClientSettings(String nameServers, String group, int sendTimeoutMillis, boolean tls) {
    /** Before the client starts. */
    void apply(ClientConfig client) {
        client.setNamesrvAddr(nameServers);
        if (tls) {
            // RocketMQ's own default is to take any certificate. It has these for the whole process only.
            TlsSystemConfig.tlsTestModeEnable = false;
            TlsSystemConfig.tlsClientAuthServer = true;
            client.setUseTLS(true);
        }
    }
}
