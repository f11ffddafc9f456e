package io.hongyan.im.adapter.http;

import java.util.concurrent.CompletionStage;

/** The operations of one subject. A new subject is a class that implements this and is given to {@link HttpServer}. */
public interface Routes {
    /** Puts every operation into the table. Once, before the server starts; the parts it works with need not be there. */
    void addTo(RouteTable table);

    /** Carries out an operation. */
    @FunctionalInterface
    interface Handler {
        /**
         * Called once the caller is known and may call the operation. Must not block; where work blocks, it goes
         * through a use case of the core.
         *
         * @return exceptionally, or by throwing, with a {@link Problem} where it is refused
         */
        CompletionStage<Reply> answer(ApiRequest request);
    }
}
