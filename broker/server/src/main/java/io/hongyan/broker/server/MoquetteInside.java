package io.hongyan.broker.server;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * What of Moquette can be reached by reflection only: it makes its stores, session threads and counters itself and lets nobody
 * choose. All of it is reached once as the server starts, but for the counter of a connection; so another Moquette than the one
 * known here is noticed before a client comes.
 */
final class MoquetteInside {
    static Object get(Object of, String field) {
        try {
            return accessible(of, field).get(of);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException(words(of.getClass(), field), changed);
        }
    }

    static void set(Object of, String field, Object value) {
        try {
            accessible(of, field).set(of, value);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException(words(of.getClass(), field), changed);
        }
    }

    static Method method(Class<?> of, String name, Class<?>... parameters) {
        try {
            Method method = of.getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return method;
        } catch (NoSuchMethodException changed) {
            throw new IllegalStateException(words(of, name), changed);
        }
    }

    private static Field accessible(Object of, String name) throws NoSuchFieldException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static String words(Class<?> type, String member) {
        return "This Moquette is not built like the one the gate was made for: " + type.getSimpleName() + '.' + member;
    }

    private MoquetteInside() {}
}
