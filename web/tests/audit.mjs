/** The audits of the npm `graphql-http` suite against a running server: `node tests/audit.mjs`, with URL in the environment.
 * Prints one line an audit: what came of it, its id, its name, and why where it is not ok. */
import { serverAudits } from "graphql-http";

for (const audit of serverAudits({ url: `${process.env.URL}/graphql` })) {
  const { status, id, name, reason } = await audit.fn();
  console.log([status, id, name, ...(reason ? [reason] : [])].join("\t"));
}
