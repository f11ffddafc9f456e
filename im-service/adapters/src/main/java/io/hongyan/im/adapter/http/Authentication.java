package io.hongyan.im.adapter.http;

import io.hongyan.im.adapter.http.Caller.Business;
import io.hongyan.im.adapter.http.Caller.User;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerdict.Worthless;
import io.hongyan.im.core.session.TokenVerifier;
import io.hongyan.im.core.session.TokenVerifier.Asker;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.work.FairBudget;
import io.hongyan.protocol.ClientId;
import io.hongyan.protocol.ErrorCode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Tells who asks from the header {@code Authorization: Bearer …}: a business key, else a user token. */
public final class Authentication {
    private static final String SCHEME = "Bearer ";

    /** A sign-on service that is slow must not be asked so much over HTTP that no login over MQTT gets to it. */
    private static final int CHECKS_MAX = 32;

    private final BusinessKeys keys;
    private final Supplier<TokenVerifier> tokens;
    private final Supplier<Standings> standings;
    /** Tokens that are being verified, by address: whoever sends them may be anybody. */
    private final FairBudget checks = new FairBudget(CHECKS_MAX);

    /** How users stand. */
    @FunctionalInterface
    public interface Standings {
        /** Empty where there never was such a user. Does not block. */
        CompletionStage<Optional<UserStanding>> of(String uid);
    }

    /**
     * @param tokens asked for a verifier once the API is open
     * @param standings likewise
     */
    public Authentication(BusinessKeys keys, Supplier<TokenVerifier> tokens, Supplier<Standings> standings) {
        this.keys = keys;
        this.tokens = tokens;
        this.standings = standings;
    }

    /**
     * Does not block.
     *
     * @param header as it came, null where there was none
     * @param address of whoever asks
     * @return exceptionally with a {@link Problem} where whoever asks may not
     */
    CompletionStage<Caller> caller(String header, Access access, String address) {
        if (access.isOpen()) {
            return CompletableFuture.completedFuture(new Caller.Anybody(address));
        }
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return refused(
                    ErrorCode.NOT_AUTHORIZED,
                    "Send the header Authorization: Bearer with a business key or a user token.");
        }
        String presented = header.substring(SCHEME.length()).strip();
        Optional<Business> business = keys.holder(presented);
        if (business.isPresent()) {
            return admit(business.get(), access);
        }
        if (!checks.take(address, 1)) {
            return refused(
                    ErrorCode.RATE_LIMITED,
                    "Too many tokens from this address are being verified; try again" + " later.");
        }
        Asker asker = Asker.at(address);
        CompletionStage<TokenVerdict> verifying;
        try {
            verifying = tokens.get().verify(presented, asker);
        } catch (RuntimeException failure) {
            checks.giveBack(address, 1);
            throw failure;
        }
        return verifying
                .whenComplete((verdict, trouble) -> checks.giveBack(address, 1))
                .thenCompose(verdict -> judged(presented, asker, verdict, access));
    }

    private static CompletionStage<Caller> admit(Business business, Access access) {
        if (access.scope() == null) {
            return refused(ErrorCode.NOT_ALLOWED, "This takes a user token: only the user can do it.");
        }
        if (!business.scopes().contains(access.scope())) {
            return refused(
                    ErrorCode.NOT_ALLOWED,
                    "The key " + business.name() + " does not have the scope " + access.scope() + '.');
        }
        return CompletableFuture.completedFuture(business);
    }

    private CompletionStage<Caller> judged(String token, Asker asker, TokenVerdict verdict, Access access) {
        if (verdict instanceof Worthless worthless) {
            return refused(
                    ErrorCode.NOT_AUTHORIZED, "The credential is no business key. As a user token: " + worthless.why());
        }
        Genuine genuine = (Genuine) verdict;
        String uid = genuine.uid();
        // Also keeps out the server's own user, whose name is none that users can have.
        if (!ClientId.isName(uid)) {
            return refused(ErrorCode.NOT_AUTHORIZED, "The token names no user.");
        }
        if (!access.users()) {
            return refused(ErrorCode.NOT_ALLOWED, "This takes a business key with the scope " + access.scope() + '.');
        }
        return standings.get().of(uid).thenCompose(found -> {
            UserStanding standing = found.orElse(UserStanding.GOOD);
            if (!standing.isActive()) {
                return refused(ErrorCode.NOT_ALLOWED, "The user is disabled or was deleted.");
            }
            return standing.revokes(genuine.boundTo(), genuine.facts().provenAt())
                    ? askedAgain(token, asker, genuine, standing.revokedAt(genuine.boundTo()))
                    : CompletableFuture.completedFuture(new User(uid));
        });
    }

    /** What was known of the token from before a revocation is found out again, once. */
    private CompletionStage<Caller> askedAgain(String token, Asker asker, Genuine before, long second) {
        return tokens.get().verifyAgain(token, second, asker).thenCompose(verdict -> {
            boolean proven = verdict instanceof Genuine genuine
                    && genuine.uid().equals(before.uid())
                    && genuine.facts().provenAt() > second;
            return proven
                    ? CompletableFuture.completedFuture(new User(before.uid()))
                    : refused(ErrorCode.NOT_AUTHORIZED, "The token was revoked; get a new one.");
        });
    }

    private static CompletionStage<Caller> refused(ErrorCode code, String detail) {
        return CompletableFuture.failedFuture(new Problem(code, detail));
    }
}
