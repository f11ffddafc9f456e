package io.hongyan.im.adapter.http;

import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.data.DataFeature;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which history the data has, for operators. Each change leaves a line in the log that says who asked for it. */
public final class DataRoutes implements Routes {
    private static final Logger AUDIT = LoggerFactory.getLogger("hongyan.audit");
    private static final String DATA = "/v1/data";

    private final Supplier<DataFeature> data;

    record Data(
            @Described("The epoch of the data, as clients and readers of the feed are told it.")
            String dataEpoch,

            @Described("When it began, milliseconds since 1970-01-01 UTC; 0 = with the installation.")
            long since) {

        static Data of(DataEpoch epoch) {
            return new Data(epoch.id(), epoch.sinceMillis());
        }
    }

    /** @param data asked for once the API is open */
    public DataRoutes(Supplier<DataFeature> data) {
        this.data = data;
    }

    @Override
    public void addTo(RouteTable table) {
        Access operators = Access.business(HttpScope.NODE);
        table.add(
                Operation.get("getData", DATA, "Shows the epoch of the data.")
                        .by(operators)
                        .gives(HttpResponseStatus.OK, Data.class),
                request -> CompletableFuture.completedFuture(
                        new Reply(Data.of(data.get().current()))));
        table.add(
                Operation.change(
                                "beginDataEpoch",
                                HttpMethod.POST,
                                DATA + "/epoch",
                                "Begins another epoch of the data, after data was lost: all clients log in again, and they"
                                        + " and the readers of the feed drop what they remember of numbers.")
                        .by(operators)
                        .gives(HttpResponseStatus.OK, Data.class),
                this::begin);
    }

    private CompletionStage<Reply> begin(ApiRequest request) {
        return data.get().begin().thenApply(epoch -> {
            AUDIT.info("{} began epoch {} of the data", request.caller().name(), epoch.id());
            return new Reply(Data.of(epoch));
        });
    }
}
