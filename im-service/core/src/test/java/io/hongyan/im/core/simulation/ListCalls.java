package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.sync.ConversationList.Page;
import io.hongyan.im.core.sync.ListConversations;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Clients ask for lists of conversations page by page: for all, for what has changed since an earlier list, or for some by name. */
final class ListCalls {
    private static final int PAGE = 5;

    private final World world;

    ListCalls(World world) {
        this.world = world;
    }

    void all(SimulatedDevice device) {
        changedSince(device, 0);
    }

    /** Nothing is there yet for 0. */
    void changed(SimulatedDevice device) {
        changedSince(device, device.conversations.unread().version());
    }

    private void changedSince(SimulatedDevice device, long version) {
        if (device.online()) {
            new WholeList(device, version).ask("");
        }
    }

    void only(SimulatedDevice device, List<Conversation> some) {
        if (device.online()) {
            new Named(device, some).ask("");
        }
    }

    /** One question, asked again on the same connection until there is no further page. */
    private abstract class Question {
        final SimulatedDevice device;
        final String uid;
        private final SimulatedConnection on;
        private final int gaps;

        /** What comes before the inbox is subscribed to may be left out of it: counts go on from a later list only. */
        private final boolean listens;

        Question(SimulatedDevice device) {
            this.device = device;
            this.uid = device.key().uid();
            this.on = device.connection();
            this.gaps = device.conversations.unread().gaps();
            this.listens = device.listens();
        }

        final void ask(String page) {
            on.fromClient(() ->
                    on.ask(page(on.service().messaging().sync().listConversations(), page), answer -> take(answer)));
        }

        private void take(Answer<Page> answer) {
            if (!(answer instanceof Answer.Given<Page> given) || on != device.connection()) {
                return;
            }
            Page page = given.value();
            world.unread().check(uid, page.items());
            // Of a list from before something was left out nobody knows whether it knew of that.
            boolean counts = listens && gaps == device.conversations.unread().gaps();
            if (counts) {
                device.conversations.unread().listed(page.items());
            }
            given(page, counts);
            if (page.next() != null) {
                ask(page.next());
            }
        }

        abstract CompletionStage<Answer<Page>> page(ListConversations lists, String page);

        /** @param counts whether the device goes on from it */
        abstract void given(Page page, boolean counts);
    }

    private final class WholeList extends Question {
        private final long since;
        private final Set<Conversation> listed = new HashSet<>();

        /** Of the first page: what changes meanwhile may be missing on the others. */
        private long version = -1;

        WholeList(SimulatedDevice device, long since) {
            super(device);
            this.since = since;
        }

        @Override
        CompletionStage<Answer<Page>> page(ListConversations lists, String page) {
            return lists.list(uid, since, page, PAGE);
        }

        @Override
        void given(Page page, boolean counts) {
            version = version < 0 ? page.inboxHead() : version;
            page.items().forEach(item -> listed.add(item.conversation()));
            if (page.next() == null) {
                world.unread().checkNothingIsLeftOut(uid, since, version, listed);
                if (counts) {
                    device.conversations.unread().listedAll(version);
                }
            }
        }
    }

    private final class Named extends Question {
        private final List<Conversation> some;
        private final List<Conversation> mustBeThere;
        private final Set<Conversation> named = new HashSet<>();

        Named(SimulatedDevice device, List<Conversation> some) {
            super(device);
            this.some = some;
            this.mustBeThere = some.stream()
                    .filter(device.conversations.unread()::wasListed)
                    .toList();
        }

        @Override
        CompletionStage<Answer<Page>> page(ListConversations lists, String page) {
            return lists.only(uid, some, page, PAGE);
        }

        @Override
        void given(Page page, boolean counts) {
            page.items().forEach(item -> named.add(item.conversation()));
            if (page.next() == null) {
                world.unread().checkNamed(uid, some, mustBeThere, named);
            }
        }
    }
}
