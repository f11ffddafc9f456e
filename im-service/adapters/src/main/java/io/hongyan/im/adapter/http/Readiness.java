package io.hongyan.im.adapter.http;

import java.util.List;

/** Says whether the service can take clients now. Safe for many threads; answers within a second. */
public interface Readiness {
    /** Why it cannot, one sentence each; empty = it can. */
    List<String> obstacles();
}
