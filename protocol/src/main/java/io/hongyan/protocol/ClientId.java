package io.hongyan.protocol;

import java.util.Optional;

/**
 * The MQTT client identifier of a messaging client: {@code uid:platform:device}.
 *
 * @param uid the user
 * @param platform for example {@code android}; the server decides which ones are valid
 * @param device names the installation, unique among the user's devices of the platform
 */
public record ClientId(String uid, String platform, String device) {
    /** Characters of a uid, a platform, a device name. */
    public static final int NAME_MAX = 64;

    private static final char SEPARATOR = ':';

    /** The parts of a well-formed identifier, else nothing. */
    public static Optional<ClientId> parse(String clientId) {
        int first = clientId.indexOf(SEPARATOR);
        int second = clientId.indexOf(SEPARATOR, first + 1);
        if (first < 0 || second < 0) {
            return Optional.empty();
        }
        ClientId parts = new ClientId(
                clientId.substring(0, first), clientId.substring(first + 1, second), clientId.substring(second + 1));
        return isName(parts.uid) && isName(parts.platform) && isName(parts.device)
                ? Optional.of(parts)
                : Optional.empty();
    }

    /** Whether this is a valid uid, platform or device name: 1-64 letters, digits and {@code _ . @ -}. */
    public static boolean isName(String name) {
        if (name.isEmpty() || name.length() > NAME_MAX) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isNameCharacter(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == '.'
                || c == '@'
                || c == '-';
    }

    @Override
    public String toString() {
        return uid + SEPARATOR + platform + SEPARATOR + device;
    }
}
