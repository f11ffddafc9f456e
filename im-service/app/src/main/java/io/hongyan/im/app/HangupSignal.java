package io.hongyan.im.app;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, with which an operator says "read again what may have changed". Without a handler it would end the process.
 */
final class HangupSignal {
    private static final Logger LOG = LoggerFactory.getLogger(HangupSignal.class);
    private static final List<Runnable> TASKS = new CopyOnWriteArrayList<>();

    private HangupSignal() {}

    /** Runs the task at each SIGHUP from now on, on a thread of the JVM. */
    static synchronized void add(Runnable task) {
        if (TASKS.isEmpty()) {
            listen();
        }
        TASKS.add(task);
    }

    static void remove(Runnable task) {
        TASKS.remove(task);
    }

    private static void raised() {
        LOG.info("SIGHUP: configuration and certificates are read again");
        TASKS.forEach(task -> {
            try {
                task.run();
            } catch (RuntimeException failure) {
                LOG.error("a task of SIGHUP failed", failure);
            }
        });
    }

    /** The class is in every JDK, but javac warns about its use. */
    private static void listen() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    HangupSignal.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            raised();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), ours);
        } catch (ReflectiveOperationException unavailable) {
            LOG.info("SIGHUP is ignored, because its handler cannot be installed: {}", unavailable.toString());
        }
    }
}
