package io.hongyan.im.adapter.http;

import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SystemUser;
import java.util.Set;

/** Who asks. */
sealed interface Caller {
    /** In whose name changes are made. */
    DeviceKey actor();

    /** For the log, and for limits of one caller. */
    String name();

    /** A business line; it may do to everybody what its scopes name. */
    record Business(String name, Set<HttpScope> scopes) implements Caller {
        public Business {
            scopes = Set.copyOf(scopes);
        }

        @Override
        public DeviceKey actor() {
            return new DeviceKey(SystemUser.UID, SystemUser.DEVICE);
        }
    }

    /** A user; may do what they may do with an MQTT client. */
    record User(String uid) implements Caller {
        private static final String DEVICE = "http:api";

        @Override
        public String name() {
            return "user " + uid;
        }

        @Override
        public DeviceKey actor() {
            return new DeviceKey(uid, DEVICE);
        }
    }

    /**
     * Anybody, where no proof was asked for.
     *
     * @param address by which limits apply
     */
    record Anybody(String address) implements Caller {
        @Override
        public String name() {
            return "anybody at " + address;
        }

        @Override
        public DeviceKey actor() {
            throw new IllegalStateException("nobody is known to ask");
        }
    }
}
