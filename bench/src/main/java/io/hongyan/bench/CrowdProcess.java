package io.hongyan.bench;

import io.hongyan.bench.server.HongyanServer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hostile clients in a separate process. */
final class CrowdProcess implements AutoCloseable {
    private final HelperProcess process;

    private CrowdProcess(HelperProcess process) {
        this.process = process;
    }

    /**
     * Starts them.
     *
     * @param before program that starts them; may be empty
     */
    static CrowdProcess start(List<String> before, HongyanServer server, Doors doors, List<String> kinds) {
        HelperProcess process = HelperProcess.start(
                before,
                "1g",
                List.of(
                        "attack",
                        "--mqtt=" + server.mqtt().getPort(),
                        "--mqtts=" + doors.mqtts(),
                        "--web-socket=" + doors.webSocket(),
                        "--http=" + server.http().getPort(),
                        "--secret-file=" + server.secretFile(),
                        "--kinds=" + String.join(",", kinds)));
        process.await(AttackCommand.ATTACKING);
        return new CrowdProcess(process);
    }

    /** Stops them; returns kind → number of rounds. */
    Map<String, Long> release() {
        Map<String, Long> rounds = new TreeMap<>();
        for (String kind : process.release(AttackCommand.ATTACKED).split(",")) {
            String[] words = kind.split("=");
            rounds.put(words[0], Long.parseLong(words[1]));
        }
        return rounds;
    }

    @Override
    public void close() {
        process.close();
    }
}
