package io.hongyan.im.core.simulation;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupRole;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SystemUser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Those who make groups and change them: users and a business line, over a way on which requests and answers get lost.
 * Each asks again under the same id until an answer has come, and now and then once more.
 */
final class Organisers {
    private static final String DEVICE = "web:http";

    private final World world;
    private final Random random;
    /** A group that was dissolved is followed by another one. */
    private final int[] generations;

    private final Set<Request> unanswered = new LinkedHashSet<>();
    private final List<Request> answered = new ArrayList<>();
    private int requests;

    private record Request(Conversation group, DeviceKey actor, String id, GroupChange change) {}

    Organisers(World world, Random random) {
        this.world = world;
        this.random = random;
        this.generations = new int[world.shape().groups()];
    }

    boolean haveAllAnswers() {
        return unanswered.isEmpty();
    }

    /** One that exists, or will. */
    Conversation anyGroup() {
        int which = random.nextInt(generations.length);
        return Conversation.group("g" + which + "." + generations[which]);
    }

    /** Asks for one change, allowed or not. */
    void act() {
        if (!answered.isEmpty() && random.nextInt(12) == 0) {
            arrive(answered.get(random.nextInt(answered.size())));
            return;
        }
        Conversation group = anyGroup();
        Optional<GroupInfo> present = world.storage().groups().find(group.id());
        if (present.isPresent() && present.get().dissolved() && random.nextInt(3) == 0) {
            generations[Integer.parseInt(group.id().substring(1, group.id().indexOf('.')))]++;
            return;
        }
        DeviceKey actor = random.nextInt(3) == 0
                ? new DeviceKey(SystemUser.UID, SystemUser.DEVICE)
                : new DeviceKey(anybody(), DEVICE);
        GroupChange change = present.isEmpty() ? created(actor.uid()) : change();
        Request request = new Request(group, actor, "change-" + ++requests, change);
        unanswered.add(request);
        ask(request);
    }

    private void ask(Request request) {
        world.later(100, () -> arrive(request));
        world.later(5_000, 8_000, () -> {
            if (unanswered.contains(request)) {
                ask(request);
            }
        });
    }

    private void arrive(Request request) {
        SimulatedService service = world.service();
        if (service == null) {
            return;
        }
        service.change(request.actor, request.group, request.id, request.change).whenComplete((outcome, trouble) -> {
            if (trouble != null) {
                return;
            }
            world.record(new Recorded.Changed(request.actor.uid(), request.group, request.id, request.change, outcome));
            boolean arrives = random.nextInt(20) > 0;
            if (arrives && unanswered.remove(request)) {
                answered.add(request);
            }
        });
    }

    private GroupChange created(String actor) {
        String owner = actor.equals(SystemUser.UID) ? anybody() : actor;
        List<String> others = some(5).stream().filter(uid -> !uid.equals(owner)).toList();
        int membersMax = random.nextInt(4) == 0 ? 2 + random.nextInt(4) : 0;
        return new GroupChange.Created(owner, "group", random.nextInt(5) > 0, membersMax, others);
    }

    private GroupChange change() {
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> new GroupChange.Joined();
            case 5, 6, 7 -> new GroupChange.Left();
            case 8, 9, 10, 11 -> new GroupChange.MembersAdded(some(3));
            case 12, 13 -> new GroupChange.MembersRemoved(some(2));
            case 14 -> new GroupChange.MemberMuted(anybody(), mutedUntil());
            case 15 -> new GroupChange.AllMuted(random.nextInt(3) == 0);
            case 16 -> new GroupChange.RoleSet(anybody(), random.nextBoolean() ? GroupRole.ADMIN : GroupRole.MEMBER);
            case 17 -> new GroupChange.OwnerSet(anybody());
            case 18 -> random.nextInt(4) == 0 ? new GroupChange.Dissolved() : new GroupChange.AllMuted(false);
            default -> new GroupChange.ProfileSet("name " + random.nextInt(9), null, random.nextInt(4) > 0);
        };
    }

    private long mutedUntil() {
        return switch (random.nextInt(4)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> world.scheduler().millis() + random.nextInt(4_000);
            default -> 0;
        };
    }

    private List<String> some(int atMost) {
        return IntStream.rangeClosed(0, random.nextInt(atMost))
                .mapToObj(count -> anybody())
                .distinct()
                .toList();
    }

    private String anybody() {
        return random.nextInt(60) == 0
                ? "nobody"
                : "u" + (1 + random.nextInt(world.shape().users()));
    }
}
