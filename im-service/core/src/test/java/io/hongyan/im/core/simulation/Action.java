package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.receipt.Marks.EntryReceipts;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.ReadHistory;
import java.util.Random;

/** Something that a client or fate does. */
final class Action {
    private final World world;
    private final Random random;

    Action(World world, Random random) {
        this.world = world;
        this.random = random;
    }

    void takeOne() {
        if (random.nextInt(1_000) < world.shape().trouble().disastersPerThousand()) {
            disaster();
            return;
        }
        if (random.nextInt(300) == 0) {
            world.stopService();
            return;
        }
        SimulatedDevice device =
                world.devices().get(random.nextInt(world.devices().size()));
        if (random.nextInt(1_000) < world.shape().trouble().cutsPerThousand() && device.connection() != null) {
            device.connection().cut();
            return;
        }
        switch (random.nextInt(33)) {
            case 0, 1, 2, 3 -> {
                if (device.asleep() || random.nextInt(6) == 0) {
                    device.connect();
                }
            }
            case 4 -> device.sleep();
            case 5 -> rarely(2, device::logOut);
            case 6 -> device.repeat();
            case 7, 8 -> markRead(device);
            case 9, 10 -> device.pull();
            case 11 -> history(device);
            case 12 -> conversations(device);
            case 13 -> rarely(3, device::stopAcknowledging);
            case 14 -> rarely(3, device::stopReading);
            case 15 -> rarely(2, device::unsubscribe);
            case 16 -> {
                if (device.online() && !device.listens()) {
                    device.subscribe();
                }
            }
            case 17 -> device.type(conversation(device));
            case 18 -> receipts(device);
            case 19, 20, 21 -> {
                if (world.shape().groups() > 0) {
                    world.organisers().act();
                }
            }
            case 22, 23, 24, 25 -> world.changers().act();
            default -> send(device);
        }
    }

    private void rarely(int oneIn, Runnable action) {
        if (random.nextInt(oneIn) == 0) {
            action.run();
        }
    }

    private void disaster() {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                world.record(new Recorded.Remark("the storage is away"));
                world.unreliable().downFor(random.nextInt(4_000));
            }
            case 2 -> world.stopService();
            default -> world.killService();
        }
    }

    private void send(SimulatedDevice device) {
        Conversation conversation = conversation(device);
        for (int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 12 : 2); count > 0; count--) {
            device.send(random.nextInt(4) == 0 ? conversation(device) : conversation);
        }
    }

    /** With somebody, or of a group that the user may be in or not. */
    private Conversation conversation(SimulatedDevice device) {
        return world.shape().groups() > 0 && random.nextInt(2) == 0
                ? world.organisers().anyGroup()
                : Conversation.direct(device.key().uid(), anybody());
    }

    private String anybody() {
        return random.nextInt(40) == 0
                ? "nobody"
                : "u" + (1 + random.nextInt(world.shape().users()));
    }

    private void markRead(SimulatedDevice device) {
        if (!device.online()) {
            return;
        }
        String uid = device.key().uid();
        Conversation conversation = conversation(device);
        long head = world.storage().head(conversation);
        long seq = 1 + random.nextInt((int) head + 2);
        // A number above the newest message counts as that, and there may be a newer one by then.
        world.read(uid, conversation, seq);
        SimulatedConnection on = device.connection();
        on.fromClient(() ->
                on.ask(on.service().messaging().receipts().markRead().mark(uid, conversation, seq), answer -> {}));
    }

    private void history(SimulatedDevice device) {
        if (!device.online()) {
            return;
        }
        String uid = device.key().uid();
        Conversation conversation = conversation(device);
        long seq = random.nextInt((int) world.storage().head(conversation) + 2);
        boolean before = random.nextBoolean();
        SimulatedConnection on = device.connection();
        long askedAtMillis = world.scheduler().millis();
        on.fromClient(() -> on.ask(
                on.service()
                        .messaging()
                        .sync()
                        .readHistory()
                        .read(uid, conversation, before ? seq : 0, before ? 0 : seq, 4),
                answer -> {
                    if (answer instanceof Answer.Given<ReadHistory.Page> given) {
                        ReadHistory.Page page = given.value();
                        world.record(
                                new Recorded.Read(uid, conversation, page.messages(), page.headSeq(), askedAtMillis));
                    }
                }));
    }

    private void receipts(SimulatedDevice device) {
        Conversation conversation = conversation(device);
        int head = (int) world.storage().head(conversation);
        if (!device.online() || head == 0) {
            return;
        }
        String uid = device.key().uid();
        long seq = 1 + random.nextInt(head);
        SimulatedConnection on = device.connection();
        on.fromClient(() ->
                on.ask(on.service().messaging().receipts().readReceipts().read(uid, conversation, seq), answer -> {
                    if (answer instanceof Answer.Given<EntryReceipts> given) {
                        world.record(new Recorded.Asked(uid, conversation, seq, given.value()));
                    }
                }));
    }

    private void conversations(SimulatedDevice device) {
        if (!device.online()) {
            return;
        }
        SimulatedConnection on = device.connection();
        String uid = device.key().uid();
        // What comes before the inbox is subscribed to may be left out of it: a count goes on from a later list only.
        boolean listens = device.listens();
        on.fromClient(() ->
                on.ask(on.service().messaging().sync().listConversations().list(uid, 0, "", 5), answer -> {
                    if (answer instanceof Answer.Given<ConversationList.Page> given) {
                        world.unread().check(uid, given.value().items());
                        if (listens) {
                            device.conversations.unread().listed(given.value().items());
                        }
                    }
                }));
    }
}
