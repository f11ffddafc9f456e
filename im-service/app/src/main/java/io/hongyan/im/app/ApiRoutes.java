package io.hongyan.im.app;

import io.hongyan.im.adapter.feed.JsonFeedEncoding;
import io.hongyan.im.adapter.http.ConnectionRoutes;
import io.hongyan.im.adapter.http.DataRoutes;
import io.hongyan.im.adapter.http.FeedRoutes;
import io.hongyan.im.adapter.http.GroupFields;
import io.hongyan.im.adapter.http.GroupRoutes;
import io.hongyan.im.adapter.http.MessageRoutes;
import io.hongyan.im.adapter.http.PushRoutes;
import io.hongyan.im.adapter.http.Routes;
import io.hongyan.im.adapter.http.ThrowOutRoutes;
import io.hongyan.im.adapter.http.UserRoutes;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.session.ConnectedClients;
import io.hongyan.im.core.session.DeleteUser;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The parts of the API that are about messaging. The objects they use are fetched once the API is open. */
final class ApiRoutes {
    /** A request that waits for an event is answered so long before its deadline. */
    private static final long WAIT_MARGIN_MILLIS = 1_000;

    private ApiRoutes() {}

    static List<Routes> of(
            Settings settings,
            InstantSource clock,
            BlockingWork work,
            Supplier<Messaging> messaging,
            Supplier<DeleteUser> deleteUser,
            Supplier<ConnectedClients> clients) {
        List<Routes> routes = new ArrayList<>();
        long waitMillisMax = Math.max(0, settings.access().http().limits().requestMillisMax() - WAIT_MARGIN_MILLIS);
        routes.add(new FeedRoutes(
                () -> messaging.get().feed().readFeed(),
                () -> messaging.get().data().current(),
                new JsonFeedEncoding(),
                waitMillisMax));
        routes.add(new DataRoutes(() -> messaging.get().data()));
        routes.add(new UserRoutes(() -> messaging.get().sessions().lookUpUsers()));
        routes.add(new ThrowOutRoutes(() -> messaging.get().sessions().throwOut(), deleteUser));
        routes.add(new ConnectionRoutes(clients, work));
        routes.add(new GroupRoutes(
                () -> messaging.get().groups().changeGroup(),
                () -> messaging.get().groups().readGroups(),
                () -> messaging.get().sessions().lookUpUsers(),
                new GroupFields(settings.messaging().groups(), clock)));
        routes.add(new MessageRoutes(() -> messaging.get().messages().changeMessage()));
        routes.add(new PushRoutes(() -> messaging.get().push().submitPush()));
        return routes;
    }
}
