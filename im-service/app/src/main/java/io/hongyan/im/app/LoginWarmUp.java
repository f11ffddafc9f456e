package io.hongyan.im.app;

import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.UserProperty;
import io.hongyan.broker.server.LoginRehearsal;
import io.hongyan.im.adapter.auth.JwtTokens;
import io.hongyan.im.adapter.auth.SecretKeys;
import io.hongyan.im.adapter.auth.TokenIssuer;
import io.hongyan.im.adapter.auth.TokenRules;
import io.hongyan.im.adapter.mqtt.GroupChangeEncoder;
import io.hongyan.im.adapter.mqtt.MessageChangeEncoder;
import io.hongyan.im.adapter.mqtt.MqttCounters;
import io.hongyan.im.adapter.mqtt.MqttDownlink;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.Dependencies;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.LoginFacts;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.session.Users;
import io.hongyan.protocol.ProtocolVersion;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets made-up clients log in before a real one can, so that what a login needs is loaded when all clients come back after a restart.
 * What they touch is made for them and forgotten: key and tokens, gate, sessions, session directory, limits and counters. The storage
 * is not asked, the feed is told nothing, and no other process knows of it.
 */
final class LoginWarmUp implements AutoCloseable {
    static final long MILLIS_MAX = 300;
    static final int USERS_MAX = 500;

    private static final Logger LOG = LoggerFactory.getLogger(LoginWarmUp.class);
    private static final int KEY_BYTES = 32;
    private static final long TOKEN_SECONDS = 3_600;
    private static final List<UserProperty> TOLD =
            List.of(new UserProperty(ProtocolVersion.PROPERTY, Integer.toString(ProtocolVersion.NEWEST)));

    private final LongSupplier nanoTime;
    private final TokenIssuer issuer;
    private final LoginRehearsal gate;

    /** @param storage its users are replaced, and nothing else of it is asked at a login */
    LoginWarmUp(Settings settings, Storage storage, Clock clock, LongSupplier nanoTime, SecureRandom random) {
        this.nanoTime = nanoTime;
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        SecretKeys keys = SecretKeys.of(key);
        TokenRules rules = TokenRules.withSkew(0);
        this.issuer = new TokenIssuer(keys, rules, clock);
        // On the thread that asks, so that there is an answer when a call returns.
        Executor here = Runnable::run;
        MqttDownlink downlink = new MqttDownlink();
        downlink.attach(new GateRouter());
        Messaging messaging = new Messaging(
                Dependencies.alone(
                        storage.with(Users.class, new MadeUpUsers()),
                        new LocalSessionDirectory(),
                        downlink,
                        new GroupChangeEncoder(),
                        new MessageChangeEncoder()),
                here,
                clock,
                millis -> {},
                Limits.messaging(settings).withFeed(FeedOptions.OFF));
        this.gate = new LoginRehearsal(
                Limits.broker(settings, "rehearsal"),
                NodeHook.of(
                        settings,
                        downlink,
                        messaging,
                        new JwtTokens(keys, null, null, rules, clock, new BlockingWork(here)),
                        clock,
                        new MqttCounters()),
                clock,
                nanoTime);
    }

    /** Takes {@link #MILLIS_MAX} and one login at most, and fails no start. */
    static void run(Settings settings, Storage storage, Clock clock, SecureRandom random) {
        try (LoginWarmUp warmUp = new LoginWarmUp(settings, storage, clock, System::nanoTime, random)) {
            LOG.debug("{} made-up clients have logged in", warmUp.logIn());
        } catch (Exception | LinkageError trouble) {
            // Channels in memory throw checked exceptions that they do not declare.
            LOG.warn("the first logins will be slow, because the code of a login could not be warmed up", trouble);
        }
    }

    /** @return how many logins were accepted */
    int logIn() {
        long from = nanoTime.getAsLong();
        int accepted = 0;
        int user = 0;
        do {
            String uid = "user-" + user;
            String token = issuer.issue(uid, null, null, TOKEN_SECONDS);
            // The second finds the signature checked before.
            accepted += logIn(false, uid, token) + logIn(true, uid, token);
            user++;
        } while (accepted > 0
                && user < USERS_MAX
                && nanoTime.getAsLong() - from < TimeUnit.MILLISECONDS.toNanos(MILLIS_MAX));
        return accepted;
    }

    private int logIn(boolean mqtt5, String uid, String token) {
        return gate.logIn(mqtt5, uid + ":android:phone", uid, token, mqtt5 ? TOLD : List.of()) ? 1 : 0;
    }

    @Override
    public void close() {
        gate.close();
    }

    /** Everybody exists. */
    private static final class MadeUpUsers implements Users {
        private static final Optional<LoginFacts> KNOWN =
                Optional.of(new LoginFacts(UserStanding.GOOD, Optional.empty(), Set.of()));

        @Override
        public Optional<LoginFacts> atLogin(DeviceKey device) {
            return KNOWN;
        }

        @Override
        public UserStanding make(String uid) {
            throw noLogin();
        }

        @Override
        public Optional<LoginFacts> makeWithDevice(DeviceKey device, KeptSession session, long nowMillis) {
            throw noLogin();
        }

        @Override
        public boolean exists(String uid) {
            throw noLogin();
        }

        @Override
        public Optional<UserStanding> standing(String uid) {
            throw noLogin();
        }

        @Override
        public Optional<UserStanding> change(String uid, UnaryOperator<UserStanding> change, long nowMillis) {
            throw noLogin();
        }

        @Override
        public boolean erase(String uid, int entriesMax) {
            throw noLogin();
        }

        @Override
        public List<String> changedSince(long atMillis, int usersMax) {
            throw noLogin();
        }

        private static UnsupportedOperationException noLogin() {
            return new UnsupportedOperationException("a login of a known user asks for nothing else");
        }
    }
}
