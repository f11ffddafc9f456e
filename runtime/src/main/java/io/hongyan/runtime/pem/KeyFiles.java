package io.hongyan.runtime.pem;

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
 * The files of a certificate and its key.
 *
 * @param certificate PEM: the certificate itself, then the intermediate ones
 * @param key its private key, PEM without a password
 * @param authorities authorities of the other side's certificates, PEM; null if it shows none
 */
public record KeyFiles(Path certificate, Path key, Path authorities) {
    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final byte[] PROBE = "does the key belong to the certificate".getBytes(StandardCharsets.US_ASCII);

    /** The contents of the files at one moment; the key fits the certificate. */
    public record Identity(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
        public X509Certificate own() {
            return chain.get(0);
        }
    }

    /** @throws PemException they cannot be read, or do not belong together */
    public Identity read() throws PemException {
        List<X509Certificate> chain = certificates(certificate);
        PrivateKey privateKey = PemKey.read(text(key), key);
        if (!fits(privateKey, chain.get(0))) {
            throw new PemException(
                    "the key in " + key + " does not belong to the (first) certificate in " + certificate);
        }
        return new Identity(chain, privateKey, authorities == null ? List.of() : certificates(authorities));
    }

    /** Changes when one of the files changes, as far as their times and lengths show. */
    public String state() {
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
        return authorities == null ? List.of(certificate, key) : List.of(certificate, key, authorities);
    }

    private static List<X509Certificate> certificates(Path file) throws PemException {
        List<X509Certificate> found = new ArrayList<>();
        try {
            byte[] pem = text(file).getBytes(StandardCharsets.UTF_8);
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .forEach(each -> found.add((X509Certificate) each));
        } catch (CertificateException damaged) {
            throw new PemException(file + " holds no usable certificates in PEM: " + damaged.getMessage(), damaged);
        }
        if (found.isEmpty()) {
            throw new PemException(file + " holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
        }
        return List.copyOf(found);
    }

    private static String text(Path file) throws PemException {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new PemException(file + " is larger than " + FILE_BYTES_MAX + " bytes");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new PemException(
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
