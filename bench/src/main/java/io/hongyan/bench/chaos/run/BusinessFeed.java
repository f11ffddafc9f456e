package io.hongyan.bench.chaos.run;

import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** All readers of the feed in a run; with RocketMQ, RocketMQ too. Called by the thread that drives the run. */
final class BusinessFeed implements AutoCloseable {
    private final List<RecordingFeedConsumer> consumers;
    private final RocketMqDisturber disturber;

    private BusinessFeed(List<RecordingFeedConsumer> consumers, RocketMqDisturber disturber) {
        this.consumers = consumers;
        this.disturber = disturber;
    }

    static BusinessFeed none() {
        return new BusinessFeed(List.of(), null);
    }

    static BusinessFeed over(FeedSource source, Journal journal, SplittableRandom random, BenchTime time) {
        return new BusinessFeed(List.of(new RecordingFeedConsumer(source, journal, random, time)), null);
    }

    /** @param seconds how long the run is */
    static BusinessFeed overRocketMq(
            ChaosRocketMq rocketMq, int seconds, Journal journal, SplittableRandom random, BenchTime time) {
        List<RecordingFeedConsumer> consumers = List.of(
                new RecordingFeedConsumer(rocketMq.remotingConsumer(), journal, random.split(), time),
                new RecordingFeedConsumer(rocketMq.grpcConsumer(), journal, random.split(), time));
        return new BusinessFeed(consumers, new RocketMqDisturber(rocketMq, seconds, journal, random.split(), time));
    }

    void start() {
        consumers.forEach(RecordingFeedConsumer::start);
        if (disturber != null) {
            disturber.start();
        }
    }

    /** From here on nothing is killed any more. */
    void calm() {
        consumers.forEach(RecordingFeedConsumer::calm);
        if (disturber != null) {
            disturber.calm();
        }
    }

    /**
     * Waits until everything has come, or until nothing comes any more, and ends the reading.
     *
     * @param wanted the highest number of each key that must come
     * @param silenceMillisMax after so long without an event the end counts as reached
     */
    void finish(Map<String, Long> wanted, long silenceMillisMax) {
        if (disturber != null) {
            disturber.awaitEnd();
        }
        consumers.forEach(consumer -> consumer.finish(wanted, silenceMillisMax));
    }

    @Override
    public void close() {
        if (disturber != null) {
            disturber.close();
        }
        consumers.forEach(RecordingFeedConsumer::close);
    }
}
