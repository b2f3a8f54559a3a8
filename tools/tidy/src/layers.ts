/**
 * Who may depend on whom. Each package.json is compared with this table, and the isolated linker lets a package see
 * nothing else, so this page is the architecture. Imports point down, never sideways, never up.
 */
export interface Layer {
  /** The workspace packages it depends on: exactly these. */
  readonly skein: readonly string[]
  /** Third-party packages it may depend on; "documented" means any that has a row in docs/dependencies.md. */
  readonly others: readonly string[] | "documented"
}

const CONTRACT = ["@skein/core", "@skein/protocol"]

/** By folder. A folder without a row of its own has the row of its layer, `adapters/*`. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  "packages/protocol": { skein: [], others: ["zod"] },
  "packages/core": { skein: ["@skein/protocol"], others: [] },
  "packages/testkit": { skein: CONTRACT, others: "documented" },
  "packages/rpc": { skein: ["@skein/protocol"], others: "documented" },
  "packages/sdk": { skein: ["@skein/protocol", "@skein/rpc"], others: [] },
  "packages/term": { skein: [], others: [] },
  "packages/fuzzy": { skein: [], others: [] },
  "packages/unpack": { skein: [], others: [] },
  "packages/extension": { skein: [], others: [] },
  "packages/kept": { skein: CONTRACT, others: [] },
  "packages/grammars": { skein: [], others: "documented" },
  "packages/highlight": { skein: ["@skein/grammars"], others: "documented" },
  "adapters/agents": { skein: [...CONTRACT, "@skein/kept"], others: "documented" },
  "adapters/commands": { skein: [...CONTRACT, "@skein/kept"], others: "documented" },
  "adapters/config": { skein: ["@skein/protocol"], others: "documented" },
  "adapters/extensions": { skein: [...CONTRACT, "@skein/extension", "@skein/kept"], others: "documented" },
  "adapters/finder": { skein: [...CONTRACT, "@skein/fuzzy"], others: "documented" },
  "adapters/mcp": { skein: [...CONTRACT, "@skein/kept"], others: "documented" },
  "adapters/outline": { skein: [...CONTRACT, "@skein/grammars"], others: "documented" },
  "adapters/plugins": { skein: [...CONTRACT, "@skein/kept", "@skein/unpack"], others: "documented" },
  "adapters/policy": { skein: [...CONTRACT, "@skein/kept"], others: "documented" },
  "adapters/skills": { skein: [...CONTRACT, "@skein/unpack"], others: "documented" },
  "adapters/trust": { skein: [...CONTRACT, "@skein/kept"], others: "documented" },
  "adapters/*": { skein: CONTRACT, others: "documented" },
  "frontends/tui": {
    skein: ["@skein/fuzzy", "@skein/highlight", "@skein/protocol", "@skein/term"],
    others: "documented",
  },
  "frontends/*": { skein: ["@skein/protocol"], others: "documented" },
  // Types alone: what it ships is one file of its own, which speaks to skein over the wire.
  "editors/*": { skein: ["@skein/protocol"], others: "documented" },
  "tools/*": { skein: [], others: "documented" },
}

/** The host composes every adapter, the application offers every front-end: their rows follow from the tree. */
export const COMPOSES: Readonly<Record<string, { readonly skein: readonly string[]; readonly all: string }>> = {
  "packages/host": { skein: [...CONTRACT, "@skein/term"], all: "adapters/" },
  "apps/skein": {
    skein: ["@skein/protocol", "@skein/config", "@skein/extension", "@skein/host", "@skein/rpc", "@skein/term"],
    all: "frontends/",
  },
}

/** Packages of the workspace that are there for tests, or for people's own programs: never a dependency of what ships. */
export const TEST_ONLY = ["@skein/testkit", "@skein/sdk"]

/** The workspace itself holds tools only, because every package can see what the root depends on. */
export const ROOT_TOOLS = ["@biomejs/biome", "@types/bun", "bun", "knip", "typescript"]

/** The one file that names adapters, and the packages under adapters/ that anyone above may name, with the reason. */
export const COMPOSER = "packages/host/src/compose.ts"
/** It looks before anything is composed, and must not load what it does not need: decision 0013. */
export const LOOKS_BEFORE = "packages/host/src/glance.ts"
/** A process of its own, which is to hold a model and nothing else. */
export const RUNS_APART = "packages/host/src/runner.ts"
export const NAMED_ANYWHERE_ABOVE: Readonly<Record<string, string>> = {
  "@skein/config": "it fills no port: it is how host and application learn which adapters to name",
}

/** Packages that see the whole core; everything else of the workspace sees only its ports. */
export const SEES_CORE = ["packages/core", "packages/host", "packages/testkit"]
