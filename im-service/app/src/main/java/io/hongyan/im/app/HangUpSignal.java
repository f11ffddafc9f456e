package io.hongyan.im.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGHUP, which has told servers to read their configuration again since there have been servers. */
final class HangUpSignal {
    private static final Logger LOG = LoggerFactory.getLogger(HangUpSignal.class);

    /**
     * Runs the task, on a thread of the JVM, whenever the process gets the signal; without this it would end. The class for it
     * has no place in Java's API, but in all its implementations; where it is not there, the signal is left as it is.
     */
    static void onEach(Runnable task) {
        InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                task.run();
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "hang-up";
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handlerType.getClassLoader() == null
                            ? HangUpSignal.class.getClassLoader()
                            : handlerType.getClassLoader(),
                    new Class<?>[] {handlerType},
                    handler);
            signal.getMethod("handle", signal, handlerType)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException unable) {
            LOG.warn("SIGHUP cannot be listened to: {}", unable.toString());
        }
    }

    private HangUpSignal() {}
}
