package io.hongyan.broker.server;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;

/**
 * Netty's documented hook into a server that other code creates. Netty creates one of these per process; an attribute
 * of the listener tells which server a channel belongs to, so that several servers can run side by side.
 */
public final class GateExtension extends ChannelInitializerExtension {
    private static final AttributeKey<MoquetteServer> SERVER = AttributeKey.valueOf(GateExtension.class, "server");
    /** The server whose listener the current thread is binding. */
    private static final ThreadLocal<MoquetteServer> BINDING = new ThreadLocal<>();

    static {
        // Netty reads it once, at its first bootstrap.
        if (System.getProperty(EXTENSIONS_SYSTEM_PROPERTY) == null) {
            System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
        }
    }

    /** Makes Netty look for this class at its first bootstrap; has no effect after that. */
    static void enable() {
        // Loading the class does the work.
    }

    /** Runs a task that binds the listener of this server. */
    static void whileBinding(MoquetteServer server, Runnable bind) {
        BINDING.set(server);
        try {
            bind.run();
        } finally {
            BINDING.remove();
        }
    }

    @Override
    public void postInitializeServerListenerChannel(ServerChannel channel) {
        MoquetteServer server = BINDING.get();
        if (server != null) {
            channel.attr(SERVER).set(server);
            server.listening(channel);
        }
    }

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        MoquetteServer server = channel.parent().attr(SERVER).get();
        if (server != null) {
            // The pipeline is filled later, by an initializer that runs before what is added here.
            server.accepted(channel);
        }
    }
}
