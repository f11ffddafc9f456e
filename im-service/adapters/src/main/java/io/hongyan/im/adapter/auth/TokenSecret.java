package io.hongyan.im.adapter.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file with the key that signs tokens: one line, base64url. */
public final class TokenSecret {
    private static final Logger LOG = LoggerFactory.getLogger(TokenSecret.class);
    /** HS256 demands at least the size of its hash (RFC 7518, section 3.2). */
    private static final int BYTES_MIN = 32;

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private static final int FINGERPRINT_BYTES = 16;

    private TokenSecret() {}

    /**
     * Reads the key; if there is no file, creates a new key and a file that only its owner can read.
     *
     * @throws IOException it cannot be read or written, or contains no key; the message says what to do
     */
    public static byte[] loadOrCreate(Path file, SecureRandom random) throws IOException {
        createUnlessThere(file, random);
        warnIfOthersMayRead(file);
        byte[] key;
        try {
            key = Base64.getUrlDecoder()
                    .decode(Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (IllegalArgumentException notBase64) {
            throw unusable(file);
        }
        if (key.length < BYTES_MIN) {
            throw unusable(file);
        }
        return key;
    }

    /** A new key, in a file that only its owner can read. */
    public static void createUnlessThere(Path file, SecureRandom random) throws IOException {
        if (!Files.exists(file)) {
            create(file, random);
        }
    }

    private static IOException unusable(Path file) {
        return new IOException(file + " does not contain a base64url key of at least " + BYTES_MIN
                + " bytes; remove it to have a new one created (tokens issued before are then void)");
    }

    private static void create(Path file, SecureRandom random) throws IOException {
        byte[] key = new byte[BYTES_MIN];
        random.nextBytes(key);
        String line = Base64.getUrlEncoder().withoutPadding().encodeToString(key) + '\n';
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(whole);
        // Written to another file and renamed, so that a crash never leaves half a key.
        try (var channel =
                posix(file) ? Files.newByteChannel(whole, options, ownerOnly) : Files.newByteChannel(whole, options)) {
            channel.write(StandardCharsets.US_ASCII.encode(line));
        }
        try {
            Files.move(whole, file);
        } catch (FileAlreadyExistsException another) {
            Files.delete(whole);
        }
        LOG.info("created a new token key in {}", file);
    }

    /** @throws IOException there is no such file */
    public static void warnIfOthersMayRead(Path file) throws IOException {
        if (posix(file) && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            LOG.warn("{} can be read by other users of this machine; run: chmod 600 {}", file, file);
        }
    }

    private static boolean posix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Shows whether two secrets are the same, without revealing them. */
    public static String fingerprint(byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("hongyan token secret".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(secret), 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
