package io.hongyan.im.adapter.rocketmq;

import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.remoting.netty.TlsSystemConfig;

/**
 * How a client finds RocketMQ.
 *
 * @param nameServers {@code HOST:PORT}, several with semicolons between; they need not be up
 * @param group shown to operators, and within which consumers share their work
 * @param sendTimeoutMillis time limit for a send
 * @param tls whether name servers and brokers use TLS, with certificates of authorities that Java trusts
 */
public record ClientSettings(String nameServers, String group, int sendTimeoutMillis, boolean tls) {
    /** Before the client starts. */
    void apply(ClientConfig client) {
        client.setNamesrvAddr(nameServers);
        if (tls) {
            // RocketMQ's own default is to accept any certificate. These settings are for the whole process only.
            TlsSystemConfig.tlsTestModeEnable = false;
            TlsSystemConfig.tlsClientAuthServer = true;
            client.setUseTLS(true);
        }
    }
}
