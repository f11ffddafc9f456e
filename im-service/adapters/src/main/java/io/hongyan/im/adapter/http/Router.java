package io.hongyan.im.adapter.http;

import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Finds what answers a method of a path, and answers for what is not there: 404, 405 and OPTIONS. */
final class Router {
    /** What answers nothing that exists: one name, so that nobody can make up more. */
    static final String OTHER_ROUTES = "other";

    static final String ALLOW = "Allow";
    private static final String GET = "GET";
    private static final String HEAD = "HEAD";
    private static final String OPTIONS = "OPTIONS";
    private static final String EVERYTHING = "*";

    private final List<Template> templates = new ArrayList<>();

    /** A path with parameters in braces, and what answers each method of it. */
    private record Template(List<String> segments, Map<String, Target> methods) {
        /** Null where the path is another one. */
        Map<String, String> match(List<String> path) {
            if (path.size() != segments.size()) {
                return null;
            }
            Map<String, String> parameters = new HashMap<>();
            for (int i = 0; i < path.size(); i++) {
                String segment = segments.get(i);
                if (segment.startsWith("{")) {
                    parameters.put(segment.substring(1, segment.length() - 1), path.get(i));
                } else if (!segment.equals(path.get(i))) {
                    return null;
                }
            }
            return parameters;
        }

        String allowed() {
            TreeSet<String> all = new TreeSet<>(methods.keySet());
            all.add(OPTIONS);
            if (all.contains(GET)) {
                all.add(HEAD);
            }
            return String.join(", ", all);
        }
    }

    /** What answers one method of one path. */
    interface Target {
        /** @param path parameters of the path, decoded */
        HttpCall call(Map<String, String> path, Map<String, String> query, HeaderLookup headers);
    }

    /** The headers of a request: the value of the first of a name, whatever its case; null where there is none. */
    interface HeaderLookup {
        String get(String name);
    }

    /** Paths without parameters go before those with. */
    void add(String method, String path, Target target) {
        List<String> segments = List.of(path.substring(1).split("/"));
        Template template = templates.stream()
                .filter(known -> known.segments.equals(segments))
                .findFirst()
                .orElse(null);
        if (template == null) {
            template = new Template(segments, new TreeMap<>());
            templates.add(path.indexOf('{') < 0 ? 0 : templates.size(), template);
        }
        template.methods.put(method, target);
    }

    /** Never null; a request that does not fit is a call that is refused. */
    HttpCall find(String method, String target, HeaderLookup headers) {
        if (method.equals(OPTIONS) && target.equals(EVERYTHING)) {
            return options("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
        }
        RequestTarget asked;
        try {
            asked = RequestTarget.parse(target);
        } catch (Problem malformed) {
            return HttpCall.refused(OTHER_ROUTES, malformed);
        }
        for (Template template : templates) {
            Map<String, String> path = template.match(asked.segments());
            if (path != null) {
                return find(template, method, path, asked, headers);
            }
        }
        return HttpCall.refused(OTHER_ROUTES, new Problem(ErrorCode.UNKNOWN_METHOD, "There is nothing at this path."));
    }

    private static HttpCall find(
            Template template, String method, Map<String, String> path, RequestTarget asked, HeaderLookup headers) {
        Target found = template.methods.get(method.equals(HEAD) ? GET : method);
        if (found != null) {
            return found.call(path, asked.query(), headers);
        }
        if (method.equals(OPTIONS)) {
            return options(template.allowed());
        }
        return HttpCall.refused(
                OTHER_ROUTES,
                new Problem(
                                ErrorCode.UNKNOWN_METHOD,
                                HttpResponseStatus.METHOD_NOT_ALLOWED,
                                "This path does not accept this method.")
                        .with(ALLOW, template.allowed()));
    }

    private static HttpCall options(String allowed) {
        HttpAnswer answer = HttpAnswer.empty(HttpResponseStatus.NO_CONTENT).with(ALLOW, allowed);
        return new HttpCall() {
            @Override
            public String route() {
                return OTHER_ROUTES;
            }

            @Override
            public CompletionStage<Void> admit(String address) {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public int bodyBytesMax() {
                return 0;
            }

            @Override
            public CompletionStage<HttpAnswer> answer(byte[] body) {
                return CompletableFuture.completedFuture(answer);
            }
        };
    }
}
