package io.hongyan.im.adapter.http;

import io.hongyan.im.adapter.http.ApiRequest.Names;
import io.hongyan.im.adapter.http.GroupBodies.AddMembers;
import io.hongyan.im.adapter.http.GroupBodies.ChangeProfile;
import io.hongyan.im.adapter.http.GroupBodies.CreateGroup;
import io.hongyan.im.adapter.http.GroupBodies.Group;
import io.hongyan.im.adapter.http.GroupBodies.GroupChanged;
import io.hongyan.im.adapter.http.GroupBodies.GroupCreated;
import io.hongyan.im.adapter.http.GroupBodies.GroupOfUser;
import io.hongyan.im.adapter.http.GroupBodies.GroupsOfUser;
import io.hongyan.im.adapter.http.GroupBodies.Member;
import io.hongyan.im.adapter.http.GroupBodies.Members;
import io.hongyan.im.adapter.http.GroupBodies.MuteAll;
import io.hongyan.im.adapter.http.GroupBodies.MuteMember;
import io.hongyan.im.adapter.http.GroupBodies.SetOwner;
import io.hongyan.im.adapter.http.GroupBodies.SetRole;
import io.hongyan.im.core.group.ChangeGroup;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.ReadGroups;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.session.LookUpUsers;
import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Groups: made, changed, dissolved and looked at. Every change is an entry of the group's log. */
public final class GroupRoutes implements Routes {
    private static final String GROUPS = "/v1/groups";
    private static final String GROUP = "/v1/groups/{group}";
    private static final String MEMBERS = GROUP + "/members";
    private static final String MEMBER = MEMBERS + "/{uid}";
    private static final String GROUPS_OF_USER = "/v1/users/{uid}/groups";

    /** Unknown users that an answer names. */
    private static final int UNKNOWN_NAMED_MAX = 20;

    private static final Access ACCESS = Access.businessAndUsers(HttpScope.GROUPS);

    /** What can stand in the way of any change. */
    private static final ErrorCode[] CHANGE_ERRORS = {
        ErrorCode.UNKNOWN_CONVERSATION, ErrorCode.NOT_A_MEMBER, ErrorCode.DISSOLVED, ErrorCode.NOTHING_TO_DO
    };

    private final Supplier<ChangeGroup> changeGroup;
    private final Supplier<ReadGroups> readGroups;
    private final Supplier<LookUpUsers> users;
    private final GroupFields fields;

    /** @param changeGroup and the others: asked for once the API is open */
    public GroupRoutes(
            Supplier<ChangeGroup> changeGroup,
            Supplier<ReadGroups> readGroups,
            Supplier<LookUpUsers> users,
            GroupFields fields) {
        this.changeGroup = changeGroup;
        this.readGroups = readGroups;
        this.users = users;
        this.fields = fields;
    }

    @Override
    public void addTo(RouteTable table) {
        addGroup(table);
        addMembers(table);
        addRights(table);
        addReading(table);
    }

    private void addGroup(RouteTable table) {
        table.add(
                Operation.change("createGroup", HttpMethod.POST, GROUPS, "Creates a group.")
                        .by(ACCESS)
                        .takes(CreateGroup.class)
                        .gives(HttpResponseStatus.CREATED, GroupCreated.class)
                        .refuses(ErrorCode.EXISTS, ErrorCode.UNKNOWN_USER, ErrorCode.GROUP_FULL),
                this::create);
        table.add(
                change(
                                "updateGroup",
                                HttpMethod.PATCH,
                                GROUP,
                                "Changes a group's name, announcement, or whether anybody may join.")
                        .takes(ChangeProfile.class),
                request -> change(request, fields.profile(request.body(ChangeProfile.class))));
        table.add(
                change("dissolveGroup", HttpMethod.DELETE, GROUP, "Dissolves a group; its members keep the history."),
                request -> change(request, new GroupChange.Dissolved()));
        table.add(
                change("setGroupOwner", HttpMethod.PUT, GROUP + "/owner", "Makes another member the owner of a group.")
                        .takes(SetOwner.class),
                request -> change(
                        request,
                        new GroupChange.OwnerSet(Names.check(
                                "The field uid", request.body(SetOwner.class).uid()))));
    }

    private void addMembers(RouteTable table) {
        table.add(
                change("addGroupMembers", HttpMethod.POST, MEMBERS, "Adds members.")
                        .takes(AddMembers.class)
                        .refuses(ErrorCode.UNKNOWN_USER, ErrorCode.GROUP_FULL),
                request -> change(
                        request,
                        new GroupChange.MembersAdded(fields.uids(
                                "uids", request.body(AddMembers.class).uids()))));
        table.add(
                change("removeGroupMember", HttpMethod.DELETE, MEMBER, "Removes a member.")
                        .refuses(ErrorCode.OWNER_MUST_STAY),
                request -> change(request, new GroupChange.MembersRemoved(List.of(request.name("uid")))));
        table.add(
                change("joinGroup", HttpMethod.POST, GROUP + "/join", "Joins an open group.")
                        .by(Access.USERS)
                        .refuses(ErrorCode.GROUP_FULL, ErrorCode.UNKNOWN_USER),
                request -> change(request, new GroupChange.Joined()));
        table.add(
                change(
                                "leaveGroup",
                                HttpMethod.POST,
                                GROUP + "/leave",
                                "Leaves a group, a dissolved one too; if the last member leaves, the group is"
                                        + " dissolved.")
                        .by(Access.USERS)
                        .refuses(ErrorCode.OWNER_MUST_STAY),
                request -> change(request, new GroupChange.Left()));
    }

    private void addRights(RouteTable table) {
        table.add(
                change(
                                "setGroupMemberRole",
                                HttpMethod.PUT,
                                MEMBER + "/role",
                                "Makes a member an admin, or an admin a member.")
                        .takes(SetRole.class)
                        .refuses(ErrorCode.OWNER_MUST_STAY),
                request -> change(
                        request,
                        new GroupChange.RoleSet(request.name("uid"), fields.role(request.body(SetRole.class)))));
        table.add(
                change("muteGroupMember", HttpMethod.PUT, MEMBER + "/mute", "Mutes a member, or ends that.")
                        .takes(MuteMember.class),
                request -> change(
                        request,
                        new GroupChange.MemberMuted(
                                request.name("uid"), fields.mutedUntil(request.body(MuteMember.class)))));
        table.add(
                change(
                                "muteGroup",
                                HttpMethod.PUT,
                                GROUP + "/mute",
                                "Lets only the owner and admins write, or everybody again.")
                        .takes(MuteAll.class),
                request -> change(
                        request,
                        new GroupChange.AllMuted(request.body(MuteAll.class).all())));
    }

    private void addReading(RouteTable table) {
        table.add(
                Operation.get("getGroup", GROUP, "Shows a group: to its members, and to business lines.")
                        .by(ACCESS)
                        .gives(HttpResponseStatus.OK, Group.class)
                        .refuses(ErrorCode.UNKNOWN_CONVERSATION, ErrorCode.NOT_A_MEMBER),
                request -> readGroups
                        .get()
                        .group(viewer(request), request.name("group"))
                        .thenApply(answer -> new Reply(Group.of(given(answer)))));
        table.add(
                Operation.get("listGroupMembers", MEMBERS, "Lists the members of a group.")
                        .by(ACCESS)
                        .takesPage()
                        .gives(HttpResponseStatus.OK, Members.class)
                        .refuses(ErrorCode.UNKNOWN_CONVERSATION, ErrorCode.NOT_A_MEMBER),
                this::members);
        table.add(
                Operation.get(
                                "listGroupsOfUser",
                                GROUPS_OF_USER,
                                "Lists the groups of a user: to that user, and to business lines.")
                        .by(ACCESS)
                        .takesPage()
                        .gives(HttpResponseStatus.OK, GroupsOfUser.class),
                this::groupsOf);
    }

    private static Operation change(String id, HttpMethod method, String path, String summary) {
        return Operation.change(id, method, path, summary)
                .by(ACCESS)
                .gives(HttpResponseStatus.OK, GroupChanged.class)
                .refuses(CHANGE_ERRORS);
    }

    private CompletionStage<Reply> create(ApiRequest request) {
        CreateGroup body = request.body(CreateGroup.class);
        String id = fields.id(body, request);
        GroupChange.Created created = fields.created(body, request.caller());
        return submit(request, id, created, seq -> new Reply(new GroupCreated(id, seq)));
    }

    private CompletionStage<Reply> change(ApiRequest request, GroupChange change) {
        return submit(request, request.name("group"), change, seq -> new Reply(new GroupChanged(seq)));
    }

    private CompletionStage<Reply> submit(
            ApiRequest request, String group, GroupChange change, LongFunction<Reply> reply) {
        return changeGroup
                .get()
                .change(request.caller().actor(), group, request.requestId(), change)
                .thenCompose(outcome -> outcome instanceof SendOutcome.Stored stored
                        ? CompletableFuture.completedFuture(reply.apply(stored.seq()))
                        : refused(((SendOutcome.Refused) outcome).refusal(), request, change));
    }

    private CompletionStage<Reply> refused(Refusal refusal, ApiRequest request, GroupChange change) {
        if (refusal == Refusal.NOT_A_MEMBER) {
            return CompletableFuture.failedFuture(
                    new Problem(ErrorCode.NOT_A_MEMBER, notAMember(change, request.caller())));
        }
        if (refusal != Refusal.UNKNOWN_USER) {
            return CompletableFuture.failedFuture(Problem.of(refusal));
        }
        List<String> newcomers = GroupFields.newcomers(change, request.caller());
        return users.get().unknownAmong(newcomers, UNKNOWN_NAMED_MAX).thenCompose(unknown -> {
            return CompletableFuture.failedFuture(
                    unknown.isEmpty()
                            ? Problem.of(refusal)
                            : new Problem(
                                    ErrorCode.UNKNOWN_USER,
                                    "There are no such users: " + String.join(", ", unknown) + '.'));
        });
    }

    /** The one who asks is no member, or, where a change is about one, that one. */
    private static String notAMember(GroupChange change, Caller caller) {
        String subject = GroupFields.subject(change);
        if (subject == null) {
            return ErrorCode.NOT_A_MEMBER.sentence();
        }
        return caller instanceof Caller.Business
                ? subject + " is not a member of this group."
                : "You, or " + subject + ", are not a member of this group.";
    }

    private CompletionStage<Reply> members(ApiRequest request) {
        return readGroups
                .get()
                .members(viewer(request), request.name("group"), request.after(), request.limit())
                .thenApply(answer -> {
                    ReadGroups.Page<Member> page = page(given(answer), Member::of);
                    return new Reply(new Members(page.items(), next(page, Member::uid)));
                });
    }

    private CompletionStage<Reply> groupsOf(ApiRequest request) {
        String uid = request.name("uid");
        if (request.caller() instanceof Caller.User user && !user.uid().equals(uid)) {
            throw new Problem(ErrorCode.NOT_ALLOWED, "With a user token only your own groups can be listed.");
        }
        return readGroups.get().groupsOf(uid, request.after(), request.limit()).thenApply(found -> {
            ReadGroups.Page<GroupOfUser> page = page(found, GroupOfUser::of);
            return new Reply(new GroupsOfUser(
                    page.items(), next(page, last -> last.group().id())));
        });
    }

    private static String viewer(ApiRequest request) {
        return request.caller().actor().uid();
    }

    private static <T> T given(Answer<T> answer) {
        if (answer instanceof Answer.Given<T> given) {
            return given.value();
        }
        throw Problem.of(((Answer.Refused<T>) answer).refusal());
    }

    private static <S, T> ReadGroups.Page<T> page(ReadGroups.Page<S> found, Function<S, T> conversion) {
        return new ReadGroups.Page<>(found.items().stream().map(conversion).toList(), found.more());
    }

    private static <T> String next(ReadGroups.Page<T> page, Function<T, String> name) {
        List<T> items = page.items();
        return page.more() ? name.apply(items.get(items.size() - 1)) : null;
    }
}
