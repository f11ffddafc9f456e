package io.hongyan.im.core.session;

/** What a login is answered. */
public sealed interface LoginAnswer permits Sessions.Opened, LoginAnswer.Refused {
    /** It is not let in, for a reason that holds wherever it tries. */
    sealed interface Refused extends LoginAnswer {}

    /** @param state why: disabled or deleted */
    record UserBarred(UserStanding.State state) implements Refused {}

    /** @param second in which it was revoked, Unix time */
    record TokenRevoked(long second) implements Refused {}

    /** All devices that are kept of the user are online, and this is another one. */
    record DevicesOnline(int devicesMax) implements Refused {}

    /**
     * Another device has displaced this one, and it comes back too soon with the same token.
     *
     * @param millis until it is let in
     */
    record ReturnsTooSoon(long millis) implements Refused {}
}
