/** The npm clients of both protocols against a running server: `node tests/interop.mjs`, with URL, TOKEN, CURSOR and NOTICES in
 * the environment. What went wrong is thrown; `ok` is the last line. */
import assert from "node:assert/strict";

import { createClient as createSocketClient } from "graphql-ws";
import { createClient as createEventClient } from "graphql-sse";

const { URL: http, TOKEN: token, CURSOR: after, NOTICES: notices } = process.env;
const url = `${http}/graphql`;
const ws = url.replace("http", "ws");
const authorization = `Bearer ${token}`;
const query = "subscription($after: String) { changes(after: $after) { cursor kind id version } }";
const unread = notices.split(",");

/** Something of the person's own changes: the next of their notices is read. Its id. */
async function change() {
  const id = unread.shift();
  const body = JSON.stringify({ query: "mutation($n: ID!) { noticeRead(input: {noticeId: $n}) { __typename } }", variables: { n: id } });
  const answer = await fetch(url, { method: "POST", headers: { authorization, "content-type": "application/json" }, body });
  assert.equal((await answer.json()).data.noticeRead.__typename, "NoticeReadPayload");
  return id;
}

/** Listens until this notice has changed; the cursor behind it. The operation is completed by leaving the loop. */
async function hear(client, from, id) {
  for await (const { data, errors } of client.iterate({ query, variables: { after: from } })) {
    assert.equal(errors, undefined);
    if (data.changes.id === id) return data.changes.cursor;
  }
  assert.fail("completed");
}

/** Receives a change, completes, changes meanwhile, and has missed nothing when it listens again; a bad document is refused
 * alone; a broken connection is opened again. */
async function follows(client, breakOff) {
  let cursor = await hear(client, after, await change());
  const missed = await change();
  cursor = await hear(client, cursor, missed);
  await assert.rejects(async () => {
    for await (const { errors } of client.iterate({ query: "subscription { nothing }" })) throw errors;
  });
  await breakOff();
  await hear(client, cursor, await change());
  await client.dispose();
}

const sockets = [];
const client = createSocketClient({
  url: ws,
  connectionParams: { authorization },
  lazyCloseTimeout: 60_000,
  retryWait: () => Promise.resolve(),
  on: { opened: (socket) => sockets.push(socket) },
});
await follows(client, async () => {
  // While it listens: the client opens another by itself, with what was asked of the first.
  const id = await change();
  const listening = hear(client, after, id);
  const broken = sockets.at(-1);
  broken.close(4499, "broken");
  await listening;
  assert.equal(sockets.length, 2);
});

await follows(createEventClient({ url, headers: { authorization }, retryAttempts: 3 }), () => Promise.resolve());

/** How a socket is closed on which these messages are said. */
function closed(...messages) {
  const socket = new WebSocket(ws, "graphql-transport-ws");
  socket.onopen = () => messages.forEach((message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)));
  return new Promise((resolve) => (socket.onclose = ({ code }) => resolve(code)));
}
const init = { type: "connection_init", payload: { authorization } };
const subscribe = { id: "1", type: "subscribe", payload: { query } };
const CODES = [
  [4400, "no JSON"],
  [4400, init, { type: "unknown" }],
  [4401, subscribe],
  [4401, { type: "connection_init" }],
  [4403, { type: "connection_init", payload: { authorization: "Bearer x" } }],
  [4408],
  [4409, init, subscribe, subscribe],
  [4429, init, init],
];
await Promise.all(CODES.map(async ([code, ...messages]) => assert.equal(await closed(...messages), code, JSON.stringify(messages))));

/** What the client itself makes of a refusal: a fatal one is thrown, and not tried again. */
const nobody = createSocketClient({ url: ws, retryAttempts: 3, retryWait: () => assert.fail("tried again") });
await assert.rejects(hear(nobody, after, ""), (why) => why.code === 4401);
console.log("ok");
process.exit(0); // the client's own timer, by which it would have closed an idle socket, is still running
