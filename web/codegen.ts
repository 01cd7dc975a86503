import type { CodegenConfig } from "@graphql-codegen/cli";

/** Types and documents from the checked-in SDL; made at every build, never checked in. */
const config: CodegenConfig = {
  schema: "../schema/schema.graphql",
  documents: "src/**/*.graphql",
  generates: {
    "src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { DateTime: "string", Date: "string", Decimal: "string" },
        useTypeImports: true,
      },
    },
  },
};

export default config;
