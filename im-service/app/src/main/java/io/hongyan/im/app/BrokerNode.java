package io.hongyan.im.app;

import io.hongyan.broker.server.BrokerServer;
import io.hongyan.broker.server.ClientLimits;
import io.hongyan.broker.server.DrainPlan;
import io.hongyan.broker.server.GateCounter;
import io.hongyan.im.adapter.http.NodeControl;
import io.hongyan.im.app.config.ConfigException;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.SettingsReader;
import io.hongyan.im.app.config.StopSettings;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drains the gate of this process. */
final class BrokerNode implements NodeControl {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerNode.class);
    /** The names of the limits begin with their sections. */
    private static final String ROOT = "";

    private final Supplier<BrokerServer> broker;
    private final Settings settings;

    /** @param broker available once the API is open */
    BrokerNode(Supplier<BrokerServer> broker, Settings settings) {
        this.broker = broker;
        this.settings = settings;
    }

    @Override
    public NodeState state() {
        BrokerServer server = broker.get();
        DrainPlan plan = server.drainPlan();
        return new NodeState(
                plan != null,
                server.clients(),
                server.counters().value(GateCounter.CLIENTS_MOVED_AWAY),
                plan == null ? 0 : plan.clientsPerSecond(),
                plan == null ? null : plan.serverReference());
    }

    @Override
    public void drain(int clientsPerSecond, String serverReference) {
        StopSettings stop = settings.process().stop();
        String configured = stop.hasServerReference() ? stop.serverReference() : null;
        DrainPlan plan = new DrainPlan(
                clientsPerSecond == 0 ? stop.clientsPerSecond() : clientsPerSecond,
                serverReference == null ? configured : serverReference);
        broker.get().drain(plan);
        LOG.info(
                "draining: no new clients are accepted, {} clients are moved away, {} per second",
                broker.get().clients(),
                plan.clientsPerSecond());
    }

    @Override
    public Map<String, String> limits() {
        return SettingsReader.byKey(broker.get().limits(), ROOT);
    }

    @Override
    public void changeLimits(Map<String, String> values) {
        broker.get().changeLimits(now -> changed(now, values));
        LOG.info("limits changed over HTTP: {}", values);
    }

    private ClientLimits changed(ClientLimits now, Map<String, String> values) {
        try {
            ClientLimits changed = SettingsReader.change(now, ROOT, values);
            settings.require(changed);
            return changed;
        } catch (ConfigException wrong) {
            throw new IllegalArgumentException(wrong.getMessage().replaceAll("environment: [A-Z_]+: ", ""), wrong);
        }
    }

    @Override
    public void undrain() {
        broker.get().undrain();
        LOG.info("no longer draining: clients are accepted again");
    }
}
