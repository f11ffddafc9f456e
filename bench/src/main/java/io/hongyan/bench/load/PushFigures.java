package io.hongyan.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.Usage;
import java.util.List;

/**
 * Results of one push; times count from before the request.
 *
 * @param deliveryNanos when each user got it, in order
 * @param state the server's state of the push
 * @param told the event that the push is finished; null if none came
 * @param acknowledged events that a device has acknowledged it
 * @param lastAcknowledgedMillis when the server had the last acknowledgement, by its clock
 * @param ends why connections ended too early
 */
public record PushFigures(
        PushPlan plan,
        long answerNanos,
        List<Long> deliveryNanos,
        long doubled,
        State state,
        JsonNode told,
        long acknowledged,
        long lastAcknowledgedMillis,
        Usage server,
        List<String> ends) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Counts of users, and when all had been handled. */
    public record State(long recipients, long stored, long online, long offline, long unknown, long finishedMillis) {}

    /** Whether everybody got it once, and clients, server and feed say the same. */
    public boolean clean() {
        return lost() == 0 && doubled == 0 && ends.isEmpty() && agrees();
    }

    private long lost() {
        return plan.expected() - deliveryNanos.size();
    }

    /** Other users than those of the crowd may exist, and get pushes to everybody. */
    private boolean agrees() {
        long reached = plan.stored() ? state.stored() : state.online();
        boolean all = plan.forEverybody()
                ? reached >= deliveryNanos.size()
                : reached == deliveryNanos.size() && state.recipients() == plan.expected();
        return all
                && state.unknown() == 0
                && state.recipients() == state.stored() + state.online() + state.offline()
                && toldTheSame()
                && acknowledged == (plan.stored() ? deliveryNanos.size() : 0);
    }

    private boolean toldTheSame() {
        return told != null
                && told.path("recipients").asLong() == state.recipients()
                && told.path("stored").asLong() == state.stored()
                && told.path("online").asLong() == state.online()
                && told.path("unknown").asLong() == state.unknown();
    }

    /** The figures under their public names. */
    public Result result() {
        long last = deliveryNanos.isEmpty() ? 0 : deliveryNanos.get(deliveryNanos.size() - 1);
        Result result = new Result("push")
                .text("mode", plan.stored() ? "store" : "online_only")
                .text("to", plan.forEverybody() ? "everybody" : "list")
                .count("online", plan.users())
                .count("recipients", state.recipients())
                .figure("answer_ms", answerNanos / NANOS_PER_MILLI)
                .figure("delivery_first_ms", percentile(0))
                .figure("delivery_p50_ms", percentile(0.5))
                .figure("delivery_last_ms", last / NANOS_PER_MILLI);
        if (acknowledged > 0) {
            result.count("acknowledged_last_ms", lastAcknowledgedMillis);
        }
        return result.count("finished_ms", state.finishedMillis())
                .figure("deliveries_per_s", deliveryNanos.size() * 1e9 / last)
                .figure("server_cpu_us_per_delivery", (double) server.cpuMicros() / deliveryNanos.size())
                .count("received", deliveryNanos.size())
                .count("lost", lost())
                .count("doubled", doubled)
                .count("acknowledged_in_feed", acknowledged)
                .text("counts_agree", agrees() ? "yes" : "no")
                .count("connections_ended", ends.size());
    }

    private double percentile(double part) {
        return deliveryNanos.isEmpty()
                ? Double.NaN
                : deliveryNanos.get((int) Math.max(0, Math.ceil(part * deliveryNanos.size()) - 1)) / NANOS_PER_MILLI;
    }
}
