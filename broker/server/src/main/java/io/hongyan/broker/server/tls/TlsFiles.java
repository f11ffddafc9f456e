package io.hongyan.broker.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the certificate of the server is kept.
 *
 * @param certificate PEM: the server's own, then those between it and the authority
 * @param key its private key, PEM without a password
 * @param clientAuthorities whose certificates clients may show, PEM; null where clients show none
 */
public record TlsFiles(Path certificate, Path key, Path clientAuthorities) {
    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final byte[] PROBE = "does the key belong to the certificate".getBytes(StandardCharsets.US_ASCII);

    /** What the files held at one moment; the key fits the certificate. */
    record Identity(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientAuthorities) {
        X509Certificate own() {
            return chain.get(0);
        }
    }

    Identity read() throws TlsException {
        List<X509Certificate> chain = certificates(certificate);
        PrivateKey privateKey = PemKey.read(text(key), key);
        if (!fits(privateKey, chain.get(0))) {
            throw new TlsException(
                    "the key in " + key + " does not belong to the (first) certificate in " + certificate);
        }
        return new Identity(chain, privateKey, clientAuthorities == null ? List.of() : certificates(clientAuthorities));
    }

    /** Changes when one of the files does, as far as their times and lengths tell. */
    String state() {
        StringBuilder state = new StringBuilder();
        for (Path file : files()) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                state.append(now.lastModifiedTime().toMillis())
                        .append('/')
                        .append(now.size())
                        .append('/')
                        .append(now.fileKey())
                        .append(' ');
            } catch (IOException missing) {
                state.append("missing ");
            }
        }
        return state.toString();
    }

    private List<Path> files() {
        return clientAuthorities == null ? List.of(certificate, key) : List.of(certificate, key, clientAuthorities);
    }

    private static List<X509Certificate> certificates(Path file) throws TlsException {
        List<X509Certificate> found = new ArrayList<>();
        try {
            byte[] pem = text(file).getBytes(StandardCharsets.UTF_8);
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .forEach(each -> found.add((X509Certificate) each));
        } catch (CertificateException damaged) {
            throw new TlsException(file + " holds no usable certificates in PEM: " + damaged.getMessage(), damaged);
        }
        if (found.isEmpty()) {
            throw new TlsException(file + " holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
        }
        return List.copyOf(found);
    }

    private static String text(Path file) throws TlsException {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new TlsException(file + " is larger than " + FILE_BYTES_MAX + " bytes");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new TlsException(
                    "cannot read " + file + ": " + unreadable.getClass().getSimpleName(), unreadable);
        }
    }

    private static boolean fits(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException different) {
            return false;
        }
    }
}
