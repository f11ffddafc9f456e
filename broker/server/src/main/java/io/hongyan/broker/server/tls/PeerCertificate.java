package io.hongyan.broker.server.tls;

import io.hongyan.broker.hook.ClientCertificate;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The certificate a client has shown in its handshake. */
public final class PeerCertificate {
    private static final int DNS = 2;
    private static final int URI = 6;

    private PeerCertificate() {}

    /** Null if there is no TLS, or the client has shown none. */
    public static ClientCertificate of(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        try {
            X509Certificate own = (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
            return new ClientCertificate(
                    names(own),
                    own.getNotBefore().getTime() / 1_000,
                    own.getNotAfter().getTime() / 1_000);
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        addCommonNames(certificate, names);
        addAlternatives(certificate, names);
        return names.subList(0, Math.min(names.size(), ClientCertificate.NAMES_MAX));
    }

    private static void addCommonNames(X509Certificate certificate, List<String> names) {
        try {
            LdapName subject =
                    new LdapName(certificate.getSubjectX500Principal().getName());
            for (Rdn part : subject.getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add("cn:" + part.getValue());
                }
            }
        } catch (InvalidNameException unusual) {
            // Then it names nobody.
        }
    }

    private static void addAlternatives(X509Certificate certificate, List<String> names) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives == null) {
                return;
            }
            for (List<?> alternative : alternatives) {
                int kind = (Integer) alternative.get(0);
                if (kind == URI) {
                    names.add("uri:" + alternative.get(1));
                } else if (kind == DNS) {
                    names.add("dns:" + alternative.get(1));
                }
            }
        } catch (CertificateParsingException unusual) {
            // Then it names nobody.
        }
    }
}
