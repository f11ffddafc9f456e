package io.hongyan.broker.server;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Parts of Moquette that can only be reached by reflection: it creates its stores, session threads and counters itself
 * and lets nobody choose. All are reached once when the server starts, except the counter of a connection; so an
 * unknown version of Moquette is noticed before a client connects.
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
        return "This version of Moquette does not have the structure that the gate needs: " + type.getSimpleName() + '.'
                + member;
    }

    private MoquetteInside() {}
}
