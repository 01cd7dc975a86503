/** Apollo Client and urql against a running server: `node tests/clients.mjs`, with URL, TOKEN, CURSOR and NOTICES in the
 * environment. Each asks, changes, is refused and follows. What went wrong is thrown; `ok` is the last line. */
import assert from "node:assert/strict";

import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql as tag } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-ws";

const { URL: http, TOKEN: token, CURSOR: after, NOTICES: notices } = process.env;
const uri = `${http}/graphql`;
const authorization = `Bearer ${token}`;
const unread = notices.split(",");

const WHO = "query Who { viewer { name } }";
const READ = "mutation Read($n: ID!) { noticeRead(input: { noticeId: $n }) { __typename ... on NoticeReadPayload { replayed } } }";
const CHANGES = "subscription Changes($after: String) { changes(after: $after) { cursor kind id version } }";

const socket = () => createClient({ url: uri.replace("http", "ws"), connectionParams: { authorization } });

/** The first change of a notice among what a subscription tells. */
function heard(subscribe, id) {
  return new Promise((resolve, reject) => {
    const told = subscribe({
      next: ({ data, error }) => {
        if (error) reject(error);
        else if (data.changes.id === id) resolve(data.changes.version);
      },
      error: reject,
    });
    return told;
  });
}

async function apollo() {
  const sockets = socket();
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    defaultOptions: { query: { fetchPolicy: "network-only" } },
    link: ApolloLink.split(
      ({ operationType }) => operationType === "subscription",
      new GraphQLWsLink(sockets),
      new HttpLink({ uri, headers: { authorization } }),
    ),
  });
  const { data } = await client.query({ query: tag(WHO) });
  assert.equal(typeof data.viewer.name, "string");
  const id = unread.shift();
  const read = await client.mutate({ mutation: tag(READ), variables: { n: id } });
  assert.equal(read.data.noticeRead.__typename, "NoticeReadPayload");
  for (const wrong of ["query { nothing }", "query Who($n: Int!) { offers(first: $n) { edges { cursor } } }"]) {
    await assert.rejects(client.query({ query: tag(wrong) }), (error) => {
      assert.ok(CombinedGraphQLErrors.is(error), `${error.name}: ${error.message}`);
      assert.match(error.errors[0].extensions.code, /^(VALIDATION_FAILED|VARIABLES_INVALID)$/);
      return true;
    });
  }
  await heard((observer) => client.subscribe({ query: tag(CHANGES), variables: { after } }).subscribe(observer), id);
  client.stop();
  await sockets.dispose();
}

async function urql() {
  const sockets = socket();
  const client = new Client({
    url: uri,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization } },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ ...request, query: request.query ?? "" }, sink) }),
        }),
      }),
    ],
  });
  const { data, error } = await client.query(WHO, {}).toPromise();
  assert.equal(error, undefined);
  assert.equal(typeof data.viewer.name, "string");
  const id = unread.shift();
  const read = await client.mutation(READ, { n: id }).toPromise();
  assert.equal(read.data.noticeRead.__typename, "NoticeReadPayload");
  const refused = await client.query("query { nothing }", {}).toPromise();
  assert.equal(refused.error.graphQLErrors[0].extensions.code, "VALIDATION_FAILED");
  await heard((observer) => client.subscription(CHANGES, { after }).subscribe(observer.next), id);
  await sockets.dispose();
}

await apollo();
await urql();
console.log("ok");
process.exit(0);
