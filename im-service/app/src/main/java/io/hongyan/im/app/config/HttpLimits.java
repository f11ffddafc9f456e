package io.hongyan.im.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The HTTP listener, and who may call its API. */
public record HttpLimits(
        @Setting(
                value = "Threads that read requests and make answers; sockets and health have others.",
                min = 1,
                max = 1000)
        int threadsMax,

        @Setting(
                value =
                        "A connection ends that waits so long for its next request, or for its client to take an answer.",
                unit = "ms",
                min = 100,
                max = 3_600_000)
        long idleMillisMax,

        @Setting(
                value = "API requests under way, of one caller no more than are free; further ones are refused.",
                min = 1,
                max = 100_000)
        int requestsMax,

        @Setting(value = "Body of one API request.", unit = "bytes", min = 1024, max = 64 << 20)
        int bodyBytesMax,

        @Setting(
                value =
                        "A request must be there whole by then, else it gets 408; and have its answer as long after, else 503.",
                unit = "ms",
                min = 100,
                max = 600_000)
        long requestMillisMax,

        @Setting(
                value =
                        "Open connections. For one more, that one is closed of the address with most that has waited for its"
                                + " client for longest.",
                min = 8,
                max = 1_000_000)
        int connectionsMax,

        @Setting(value = "Open connections from one address, likewise.", min = 1, max = 1_000_000)
        int connectionsPerAddressMax,

        @Setting(
                value =
                        "Bodies and answers that are held for clients, all together; of one address no more than is free.",
                unit = "bytes",
                min = 1 << 20,
                max = Long.MAX_VALUE)
        long heldBytesMax,

        @Setting("Pages that may use the API and open WebSockets from a browser, as browsers name where a page is from:"
                + " `https://chat.example.com`, with commas between. Empty = the API only pages of this very listener,"
                + " WebSockets all pages.")
        List<String> corsOrigins,

        Map<String, HttpKey> keys) {
    static final HttpLimits DEFAULT =
            new HttpLimits(8, 30_000, 256, 1 << 20, 10_000, 2_000, 500, 64L << 20, List.of(), Map.of());

    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        if (heldBytesMax < 2L * bodyBytesMax) {
            found.add(
                    "http.held_bytes_max is less than twice http.body_bytes_max, so no body of that size could come in");
        }
        for (String origin : corsOrigins) {
            if (!origin.matches("https?://[a-z0-9.:\\[\\]-]+")) {
                found.add(
                        "http.cors_origins takes origins such as https://chat.example.com, in small letters and without a path;"
                                + " '" + origin + "' is none");
            }
        }
        return found;
    }
}
