package io.hongyan.servers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes topics and consumer groups in a RocketMQ that runs. */
@Command(name = "topic", description = "Makes topics and consumer groups in a running RocketMQ.")
final class TopicCommand implements Callable<Integer> {
    @Option(names = "--namesrv", required = true, description = "HOST:PORT of the name server")
    private String nameServer;

    @Option(names = "--broker", required = true, description = "HOST:PORT of the broker")
    private String broker;

    @Option(names = "--group", converter = ConsumerGroup.Converter.class, description = "NAME[:ordered], repeatable")
    private List<ConsumerGroup> groups = new ArrayList<>();

    @Option(names = "--topic", converter = Topic.Converter.class, description = "NAME[:QUEUES[:readonly]], repeatable")
    private List<Topic> topics = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        try (RocketMqAdmin admin = new RocketMqAdmin(nameServer, broker)) {
            admin.make(topics, groups);
        }
        return 0;
    }
}
