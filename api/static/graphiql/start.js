// Opens GraphiQL on this server's own endpoint. A token pasted under "Headers" as {"Authorization": "Bearer …"} is
// kept in the page's memory only.
const forgetful = { getItem: () => null, setItem: () => {}, removeItem: () => {}, clear: () => {}, length: 0 };
const fetcher = GraphiQL.createFetcher({ url: "/graphql" });
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    storage: forgetful,
    shouldPersistHeaders: false,
    defaultQuery: "{\n  me {\n    name\n    scoreStatus\n  }\n}\n",
  }),
);
