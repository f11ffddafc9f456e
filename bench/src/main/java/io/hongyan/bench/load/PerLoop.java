package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.MqttLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One object per loop, created and used on its loop's thread only; the calling thread waits for the answers.
 *
 * @param <T> the object
 */
final class PerLoop<T> {
    private static final long ANSWER_SECONDS_MAX = 30;

    private final List<Share<T>> shares = new ArrayList<>();

    private record Share<T>(MqttLoop loop, T thing) {}

    /**
     * @param count of what is spread over the loops; a loop without any gets no object
     * @param make creates a loop's object for the given numbers of what is spread
     */
    PerLoop(MqttLoops loops, int count, BiFunction<MqttLoop, List<Integer>, T> make) {
        int used = Math.min(loops.size(), count);
        for (int i = 0; i < used; i++) {
            int rest = i;
            MqttLoop loop = loops.forIndex(i);
            List<Integer> numbers = IntStream.range(0, count)
                    .filter(number -> number % used == rest)
                    .boxed()
                    .toList();
            shares.add(new Share<>(loop, answer(loop.ask(() -> make.apply(loop, numbers)))));
        }
    }

    int size() {
        return shares.size();
    }

    /** Asks each, one after the other. */
    <R> List<R> ask(Function<T, R> question) {
        List<R> answers = new ArrayList<>();
        for (Share<T> share : shares) {
            answers.add(answer(share.loop().ask(() -> question.apply(share.thing()))));
        }
        return answers;
    }

    /** The i-th object, called on its loop's thread; does not wait. */
    void tell(int i, Consumer<T> order) {
        Share<T> share = shares.get(i);
        share.loop().execute(() -> order.accept(share.thing()));
    }

    void tellAll(Consumer<T> order) {
        for (int i = 0; i < shares.size(); i++) {
            tell(i, order);
        }
    }

    private static <R> R answer(CompletableFuture<R> future) {
        try {
            return future.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadFailure("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new LoadFailure("a loop of the load generator does not answer", e);
        }
    }
}
