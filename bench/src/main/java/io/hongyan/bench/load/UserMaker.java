package io.hongyan.bench.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.ApiClient.Answer;
import io.hongyan.bench.server.ApiClient.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Creates users over HTTP, many at a time. */
public final class UserMaker {
    private static final int UNDER_WAY_MAX = 32;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ApiClient api;
    private final Progress progress;

    public UserMaker(ApiClient api, Progress progress) {
        this.api = api;
        this.progress = progress;
    }

    /** Returns when all exist. */
    public void make(int users, IntFunction<String> uid) {
        Deque<CompletableFuture<Answer>> underWay = new ArrayDeque<>();
        for (int user = 0; user < users; user++) {
            if (underWay.size() == UNDER_WAY_MAX) {
                require(underWay.poll().join());
            }
            underWay.add(api.submit(Request.post("/v1/users", JSON.objectNode().put("uid", uid.apply(user)))));
            progress.at(String.format("creating users, %,d to go", users - user));
        }
        underWay.forEach(answer -> require(answer.join()));
    }

    private static void require(Answer answer) {
        if (!answer.good()) {
            throw new LoadFailure("the server refused to create users: " + answer);
        }
    }
}
