package io.hongyan.bench.load;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.ApiClient.Answer;
import io.hongyan.bench.server.ApiClient.Request;

/** Creates users and groups over HTTP. */
public final class GroupMaker {
    /** The server's default of groups.members_per_change_max. */
    private static final int MEMBERS_PER_CHANGE = 500;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ApiClient api;
    private final GroupAddressing addressing;
    private final Progress progress;

    public GroupMaker(ApiClient api, GroupAddressing addressing, Progress progress) {
        this.api = api;
        this.addressing = addressing;
        this.progress = progress;
    }

    /** Returns when all exist. */
    public void make(GroupPlan plan) {
        new UserMaker(api, progress)
                .make(plan.groups() * plan.members(), i -> addressing.uid(i / plan.members(), i % plan.members()));
        for (int group = 0; group < plan.groups(); group++) {
            make(group, plan.members());
        }
    }

    private void make(int group, int members) {
        ObjectNode body = JSON.objectNode()
                .put("id", addressing.group(group))
                .put("name", "Bench")
                .put("owner", addressing.uid(group, 0));
        int made = Math.min(members, MEMBERS_PER_CHANGE);
        body.set("members", uids(group, 1, made));
        require(api.submit(Request.post("/v1/groups", body)).join());
        for (int from = made; from < members; from += MEMBERS_PER_CHANGE) {
            ObjectNode more = JSON.objectNode();
            more.set("uids", uids(group, from, Math.min(members, from + MEMBERS_PER_CHANGE)));
            require(api.submit(Request.post("/v1/groups/" + addressing.group(group) + "/members", more))
                    .join());
            progress.at(String.format("adding members, %,d to go", members - from));
        }
    }

    private ArrayNode uids(int group, int from, int to) {
        ArrayNode uids = JSON.arrayNode();
        for (int member = from; member < to; member++) {
            uids.add(addressing.uid(group, member));
        }
        return uids;
    }

    private static void require(Answer answer) {
        if (!answer.good()) {
            throw new LoadFailure("the server refused to create groups: " + answer);
        }
    }
}
