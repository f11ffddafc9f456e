package io.hongyan.im.adapter.http;

import java.util.ArrayList;
import java.util.List;

/** Every operation of the API with its handler. */
public final class RouteTable {
    private final List<Route> routes = new ArrayList<>();

    record Route(Operation operation, Routes.Handler handler) {}

    RouteTable() {}

    void add(Operation operation, Routes.Handler handler) {
        routes.add(new Route(operation, handler));
    }

    List<Route> all() {
        return List.copyOf(routes);
    }

    List<Operation> operations() {
        return routes.stream().map(Route::operation).toList();
    }
}
