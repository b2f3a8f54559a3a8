import { type Finding, lineAt, type Rule } from "../rule.ts"
import { isEvidence, isTest, type Tree } from "../tree.ts"

/** Parts are joined so that this file does not find itself. */
const MACHINE = [
  ["/wo", "rk/(?:main|shared)\\b"],
  ["/ho", "me/(?!(?:me|you|user|alice|bob|dev|someone)\\b)[a-z][\\w.-]*/"],
  ["/Us", "ers/(?!(?:me|you|user|alice|bob|dev|someone)\\b)[a-z][\\w.-]*/"],
  ["/private/v", "ar/folders/"],
].map((parts) => new RegExp(`(?<![\\w.$}])${parts.join("")}`, "g"))

/** Root has the same home everywhere, so a test may speak of it; in what ships it is somebody's. */
const ROOTS_HOME = new RegExp(["(?<![\\w.$}])/ro", "ot/[\\w.]+"].join(""), "g")

const REGISTRY = new RegExp(
  ["https?://[^\\s\"'`)>]*(?:regi", "stry\\.|artif", "actory|ver", "daccio|/-/[^\\s\"']*\\.tgz)"].join(""),
  "g",
)
/** Where a person's program gets what is no part of it, from the public one: said once, in plain sight. */
const PUBLIC_REGISTRY = {
  path: "packages/host/src/local-models.ts",
  address: ["https://regi", "stry.npmjs.org"].join(""),
}
const CREDENTIAL =
  /\b(sk-ant-(?:api|oat)\d\d-[\w-]{40,}|sk-(?:proj-)?[A-Za-z0-9]{40,}|ghp_[A-Za-z0-9]{36}|AKIA[A-Z0-9]{16}|AIza[\w-]{35})\b/g

export const nothingOfAMachine: Rule = {
  name: "no tracked file holds a path, registry or key of the machine it was written on",
  why: "it is false on every other machine, and it tells strangers about this one",
  instead: "use a path relative to the file or a folder under os.tmpdir(); take the registry from npm's own settings",
  check(tree) {
    return [
      ...search(tree, MACHINE, "holds a machine path", (path) => !isEvidence(path)),
      ...search(tree, [ROOTS_HOME], "holds a path of root's home", (path) => !isEvidence(path) && !isTest(path)),
      ...search(withoutPublicRegistry(tree), [REGISTRY], "holds a registry address", () => true),
      ...search(tree, [/https?:\/\//g], "holds an address", (path) => path === "bun.lock"),
      ...search(tree, [CREDENTIAL], "holds what looks like a key", () => true),
      ...[...tree.files.keys()]
        .filter((path) => /(^|\/)(\.npmrc|\.env(\..*)?)$/.test(path) && !isEvidence(path))
        .map((path) => ({ path, what: "configures one machine" })),
    ]
  },
}

function withoutPublicRegistry(tree: Tree): Tree {
  const { path, address } = PUBLIC_REGISTRY
  const said = `"${address}"\n`
  return {
    ...tree,
    files: new Map([...tree.files].map(([at, text]) => [at, at === path ? text.replace(said, "\n") : text])),
  }
}

function search(tree: Tree, patterns: readonly RegExp[], what: string, applies: (path: string) => boolean): Finding[] {
  return [...tree.files].flatMap(([path, text]) =>
    applies(path)
      ? patterns.flatMap((pattern) =>
          [...text.matchAll(pattern)].map((match) => ({
            path,
            line: lineAt(text, match.index),
            what: `${what}: ${match[0].slice(0, 60)}`,
          })),
        )
      : [],
  )
}
