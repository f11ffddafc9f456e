package io.hongyan.im.adapter.http;

import io.hongyan.im.adapter.http.ApiRequest.Names;
import io.hongyan.im.adapter.http.GroupBodies.ChangeProfile;
import io.hongyan.im.adapter.http.GroupBodies.CreateGroup;
import io.hongyan.im.adapter.http.GroupBodies.MuteMember;
import io.hongyan.im.adapter.http.GroupBodies.SetRole;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.group.GroupRole;
import io.hongyan.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Checks what requests say of groups, and puts it into the words of the core. Refusals name the field and the limit. */
public final class GroupFields {
    /** A muting that is to last longer is one for good. */
    static final long MUTE_SECONDS_MAX = 10L * 365 * 86_400;

    private static final int MADE_ID_BYTES = 16;

    private final GroupLimits limits;
    private final InstantSource clock;

    public GroupFields(GroupLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** The id asked for, else one that is the same for the same request of the same caller, and no other's. */
    String id(CreateGroup body, ApiRequest request) {
        if (body.id() != null) {
            return Names.check("The field id", body.id());
        }
        String source = request.caller().actor().uid() + '\n' + request.requestId();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, MADE_ID_BYTES));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    GroupChange.Created created(CreateGroup body, Caller caller) {
        String owner = owner(body, caller);
        Set<String> members = new LinkedHashSet<>(body.members() == null ? List.of() : uids("members", body.members()));
        members.remove(owner);
        int membersMax = body.membersMax() == null ? limits.membersMax() : body.membersMax();
        if (membersMax < 1 || membersMax > limits.membersMax()) {
            throw Problem.malformed("The field membersMax takes a number from 1 to " + limits.membersMax() + ".");
        }
        return new GroupChange.Created(
                owner, name(body.name()), Boolean.TRUE.equals(body.open()), membersMax, List.copyOf(members));
    }

    private static String owner(CreateGroup body, Caller caller) {
        if (caller instanceof Caller.User user) {
            if (body.owner() != null && !body.owner().equals(user.uid())) {
                throw new Problem(ErrorCode.NOT_ALLOWED, "With a user token the owner is that user.");
            }
            return user.uid();
        }
        if (body.owner() == null) {
            throw Problem.malformed("The field owner is missing; with a business key it says whose the group is.");
        }
        return Names.check("The field owner", body.owner());
    }

    GroupChange.ProfileSet profile(ChangeProfile body) {
        if (body.name() == null && body.announcement() == null && body.open() == null) {
            throw Problem.malformed("Give at least one of the fields name, announcement, open.");
        }
        if (body.announcement() != null) {
            checkLength("announcement", body.announcement(), limits.announcementCharactersMax());
        }
        return new GroupChange.ProfileSet(
                body.name() == null ? null : name(body.name()), body.announcement(), body.open());
    }

    private String name(String name) {
        if (name.isBlank()) {
            throw Problem.malformed("The field name is empty.");
        }
        checkLength("name", name, limits.nameCharactersMax());
        return name;
    }

    private static void checkLength(String field, String text, int charactersMax) {
        if (text.codePointCount(0, text.length()) > charactersMax) {
            throw new Problem(
                    ErrorCode.TOO_LARGE, "The field " + field + " takes at most " + charactersMax + " characters.");
        }
    }

    /** Each once, in the order given. */
    List<String> uids(String field, List<String> uids) {
        if (uids.isEmpty()) {
            throw Problem.malformed("The field " + field + " is empty.");
        }
        if (uids.size() > limits.membersPerChangeMax()) {
            throw new Problem(
                    ErrorCode.TOO_LARGE,
                    "The field " + field + " takes at most " + limits.membersPerChangeMax()
                            + " users in one request; these are " + uids.size() + ". Add them in several.");
        }
        for (int i = 0; i < uids.size(); i++) {
            Names.check("The field " + field + '[' + i + ']', uids.get(i));
        }
        return List.copyOf(new LinkedHashSet<>(uids));
    }

    GroupRole role(SetRole body) {
        return GroupRole.valueOf(body.role().toUpperCase(Locale.ROOT));
    }

    long mutedUntil(MuteMember body) {
        int given = (body.untilMs() == null ? 0 : 1)
                + (body.forSeconds() == null ? 0 : 1)
                + (Boolean.TRUE.equals(body.forever()) ? 1 : 0);
        if (given != 1) {
            throw Problem.malformed("Give exactly one of the fields untilMs, forSeconds, forever: true.");
        }
        if (body.forever() != null) {
            return Long.MAX_VALUE;
        }
        if (body.untilMs() != null) {
            return checkNumber("untilMs", body.untilMs(), clock.millis() + MUTE_SECONDS_MAX * 1_000);
        }
        long seconds = checkNumber("forSeconds", body.forSeconds(), MUTE_SECONDS_MAX);
        return seconds == 0 ? 0 : clock.millis() + seconds * 1_000;
    }

    private static long checkNumber(String field, long value, long max) {
        if (value < 0 || value > max) {
            throw Problem.malformed("The field " + field + " takes a number from 0 to " + max + ".");
        }
        return value;
    }

    /** Whose existence a change needs. */
    static List<String> newcomers(GroupChange change, Caller caller) {
        List<String> newcomers = new ArrayList<>();
        if (change instanceof GroupChange.Created created) {
            newcomers.add(created.owner());
            newcomers.addAll(created.members());
        } else if (change instanceof GroupChange.MembersAdded added) {
            newcomers.addAll(added.uids());
        } else if (change instanceof GroupChange.Joined && caller instanceof Caller.User user) {
            newcomers.add(user.uid());
        }
        return newcomers;
    }

    /** The member whom a change is about; null where it is about none. */
    static String subject(GroupChange change) {
        if (change instanceof GroupChange.OwnerSet set) {
            return set.uid();
        } else if (change instanceof GroupChange.RoleSet set) {
            return set.uid();
        } else if (change instanceof GroupChange.MemberMuted muted) {
            return muted.uid();
        }
        return null;
    }
}
