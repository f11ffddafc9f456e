package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.MessageChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Users who change messages, allowed or not, over a way on which requests and answers get lost. Each asks again under the same
 * id until an answer has come, and now and then once more.
 */
final class Changers {
    private static final String DEVICE = "web:changer";
    private static final String[] EMOJI = {"+1", "heart", "laugh"};

    private final World world;
    private final Random random;
    private final Set<Request> unanswered = new LinkedHashSet<>();
    private final List<Request> answered = new ArrayList<>();
    private int requests;

    private record Request(Conversation conversation, DeviceKey actor, String id, MessageChange.Asked change) {}

    Changers(World world, Random random) {
        this.world = world;
        this.random = random;
    }

    boolean haveAllAnswers() {
        return unanswered.isEmpty();
    }

    void act() {
        if (!answered.isEmpty() && random.nextInt(12) == 0) {
            arrive(answered.get(random.nextInt(answered.size())));
            return;
        }
        List<Conversation> all = List.copyOf(world.storage().conversations());
        if (all.isEmpty()) {
            return;
        }
        Conversation conversation = all.get(random.nextInt(all.size()));
        List<StoredMessage> log = world.storage().log(conversation);
        int near = Math.min(log.size(), random.nextInt(4) == 0 ? Integer.MAX_VALUE : 6);
        StoredMessage target = log.get(log.size() - 1 - random.nextInt(near));
        String sender = target.sender().equals(SystemUser.UID) ? anybody() : target.sender();
        String actor = random.nextInt(3) > 0 ? sender : anybody();
        int number = ++requests;
        // Now and then of a message that is not there yet.
        long seq = random.nextInt(30) == 0 ? target.seq() + 3 : target.seq();
        Request request = new Request(
                conversation, new DeviceKey(actor, DEVICE), "message-change-" + number, change(seq, log, number));
        unanswered.add(request);
        ask(request);
    }

    private MessageChange.Asked change(long seq, List<StoredMessage> log, int number) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> new MessageChange.Recalled(seq);
            case 2, 3, 4, 5 -> edit(seq, log, number);
            case 6, 7 -> new MessageChange.Pinned(seq, random.nextInt(3) > 0);
            default -> new MessageChange.Reacted(seq, EMOJI[random.nextInt(EMOJI.length)], random.nextInt(3) == 0);
        };
    }

    private MessageChange.Edited edit(long seq, List<StoredMessage> log, int number) {
        String text = "(edit-" + number + ")";
        StoredMessage quoted = log.get(random.nextInt(log.size()));
        String excerpt = PlainContents.token(quoted.content());
        return excerpt.isEmpty() || random.nextInt(3) > 0
                ? new MessageChange.Edited(seq, text.getBytes(StandardCharsets.UTF_8), 0)
                : new MessageChange.Edited(seq, PlainContents.answer(quoted.seq(), excerpt, text), quoted.seq());
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
        service.change(request.actor, request.conversation, request.id, request.change)
                .whenComplete((outcome, trouble) -> {
                    if (trouble != null) {
                        return;
                    }
                    world.record(new Recorded.MessageChanged(
                            request.actor.uid(), request.conversation, request.id, request.change, outcome));
                    boolean arrives = random.nextInt(20) > 0;
                    if (arrives && unanswered.remove(request)) {
                        answered.add(request);
                    }
                });
    }

    private String anybody() {
        return "u" + (1 + random.nextInt(world.shape().users()));
    }
}
