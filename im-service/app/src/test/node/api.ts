// node api.js ADDRESS KEY: a business line that uses the API over HTTP by a client that is generated from its description.
//
// npx openapi-typescript ADDRESS/v1/openapi.json -o openapi.d.ts && npx tsc
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./openapi.js";

type FeedEvent = components["schemas"]["FeedEvent"];
type Content = components["schemas"]["Content"];
type Code = components["schemas"]["Code"];

const [baseUrl, key] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

/** What was said, in words. */
function words(content: Content | undefined): string {
  if (content !== undefined && "text" in content) {
    return content.text.text ?? "";
  }
  if (content !== undefined && "groupChange" in content) {
    const change = content.groupChange;
    return "created" in change ? `${change.created.name} is there` : "a change";
  }
  return "something else";
}

/** Reads the feed from its beginning until it has told all of these. */
async function readUntil(told: string[]): Promise<FeedEvent[]> {
  const events: FeedEvent[] = [];
  const deadline = Date.now() + 30_000;
  let after: string | undefined;
  while (Date.now() < deadline) {
    const { data } = await api.GET("/v1/feed", { params: { query: { after, limit: 10, wait_seconds: 1 } } });
    assert(data);
    events.push(...data.events);
    after = data.next;
    const heard = events.map((event) =>
      "messageStored" in event ? words(event.messageStored.message.content) : "no message",
    );
    if (told.every((text) => heard.includes(text))) {
      return events;
    }
  }
  throw new Error(`the feed did not tell all of ${told}: ${JSON.stringify(events)}`);
}

for (const uid of ["alice", "bob"]) {
  const { data } = await api.POST("/v1/users", { body: { uid } });
  assert.deepEqual(data, { uid, state: "ACTIVE", online: [] });
}

// A group, made once though it is asked for twice.
for (let attempt = 0; attempt < 2; attempt++) {
  const { data, response } = await api.POST("/v1/groups", {
    params: { header: { "Idempotency-Key": "make-team" } },
    body: { id: "team", name: "Team", owner: "alice", members: ["bob"] },
  });
  assert.equal(response.status, 201);
  assert.deepEqual(data, { id: "team", seq: "1" });
}
const members = await api.GET("/v1/groups/{group}/members", {
  params: { path: { group: "team" }, query: { limit: 10 } },
});
assert.deepEqual(
  members.data?.members.map(({ uid, role }) => [uid, role]),
  [["alice", "OWNER"], ["bob", "MEMBER"]],
);

// A message, and the same read back.
const push = await api.POST("/v1/push", {
  body: { pushId: "hello", channel: "news", to: ["bob"], mode: "STORE", content: { text: { text: "Hello, Bob 🪿" } } },
});
assert.equal(push.response.status, 202);
assert.equal(push.data?.pushId, "hello");
const events = await readUntil(["Team is there", "Hello, Bob 🪿"]);
const stored = events.find((event) => "messageStored" in event && event.key === "system:news|bob");
assert(stored && "messageStored" in stored);
assert.equal(stored.messageStored.reader, "bob");
assert.deepEqual(stored.messageStored.message.to, { kind: "SYSTEM", id: "news" });
assert.equal(BigInt(stored.messageStored.message.seq), 1n);

// What is wrong is refused with one of the codes, here what the compiler refuses too.
const king = await api.PUT("/v1/groups/{group}/members/{uid}/role", {
  params: { path: { group: "team", uid: "bob" } },
  // @ts-expect-error There is no such role.
  body: { role: "king" },
});
const malformed: Code | undefined = king.error?.code;
assert.equal(malformed, "MALFORMED");
assert.equal(king.error?.detail, "The field role takes ADMIN or MEMBER.");

const stranger = await api.POST("/v1/groups/{group}/members", {
  params: { path: { group: "team" } },
  body: { uids: ["nobody"] },
});
assert.equal(stranger.data, undefined);
assert.equal(stranger.response.status, 404);
assert.equal(stranger.error?.code, "UNKNOWN_USER");

// @ts-expect-error There is no such path.
const nowhere = await api.GET("/v1/nowhere");
assert.equal(nowhere.response.status, 404);

// @ts-expect-error A push has a content.
const empty = await api.POST("/v1/push", { body: { channel: "news", to: ["bob"] } });
assert.equal(empty.error?.code, "MALFORMED");

console.log("done");
