package io.hongyan.broker.server;

import io.hongyan.broker.hook.GrantedFilter;
import java.util.ArrayList;
import java.util.List;

/** The claimed filters of one connection, and which topics they match. */
final class Filters {
    private static final int ROUTES_MAX = 8;

    private final ArrayList<GrantedFilter> filters = new ArrayList<>(1);
    private Route routes;
    private int routeCount;

    int size() {
        return filters.size();
    }

    List<GrantedFilter> all() {
        return List.copyOf(filters);
    }

    boolean has(String filter) {
        return indexOf(filter) >= 0;
    }

    void put(GrantedFilter granted) {
        int index = indexOf(granted.filter());
        if (index < 0) {
            filters.add(granted);
        } else {
            filters.set(index, granted);
        }
        forgetRoutes();
    }

    boolean remove(String filter) {
        int index = indexOf(filter);
        if (index >= 0) {
            filters.remove(index);
            forgetRoutes();
        }
        return index >= 0;
    }

    /** How to deliver on this topic; cached for the few topics a client gets. */
    Route route(String topic) {
        for (Route route = routes; route != null; route = route.next) {
            if (route.topic.equals(topic)) {
                return route;
            }
        }
        if (routeCount == ROUTES_MAX) {
            forgetRoutes();
        }
        Route route = match(topic);
        route.next = routes;
        routes = route;
        routeCount++;
        return route;
    }

    /** Frees the cache. */
    void forgetRoutes() {
        routes = null;
        routeCount = 0;
    }

    private Route match(String topic) {
        int qos = -1;
        int[] ids = null;
        for (GrantedFilter granted : filters) {
            if (TopicNames.matches(granted.filter(), topic)) {
                qos = Math.max(qos, granted.qos());
                if (granted.subscriptionId() > 0) {
                    ids = append(ids, granted.subscriptionId());
                }
            }
        }
        return new Route(topic, qos, ids);
    }

    private static int[] append(int[] ids, int id) {
        int[] longer = new int[ids == null ? 1 : ids.length + 1];
        if (ids != null) {
            System.arraycopy(ids, 0, longer, 0, ids.length);
        }
        longer[longer.length - 1] = id;
        return longer;
    }

    private int indexOf(String filter) {
        for (int i = 0; i < filters.size(); i++) {
            if (filters.get(i).filter().equals(filter)) {
                return i;
            }
        }
        return -1;
    }

    /** A topic with what this connection's filters say about it. */
    static final class Route {
        final String topic;
        /** Highest granted quality of service of the matching filters, -1 = none matches. */
        final int qos;
        /** Null if there are none. */
        final int[] subscriptionIds;
        /** As on the wire, with its length. */
        final byte[] encodedTopic;

        private Route next;

        private Route(String topic, int qos, int[] subscriptionIds) {
            this.topic = topic;
            this.qos = qos;
            this.subscriptionIds = subscriptionIds;
            this.encodedTopic = PacketWriter.string(topic);
        }
    }
}
