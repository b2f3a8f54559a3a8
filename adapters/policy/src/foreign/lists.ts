import type { Rule } from "@skein/protocol"
import { asObject, asTexts } from "@skein/protocol/json"
import type { ForeignRules } from "./claude.ts"

/**
 * A `permissions.json` of three lists: `allowlist` and `blocklist` of command beginnings, `guarded_paths`. Undefined when
 * the value is none. A guarded path is asked about for reading and refused for writing, as its guard was.
 */
export function listRules(value: unknown, source: string, home: string): ForeignRules | undefined {
  const tree = asObject(value)
  if (tree === undefined || !["allowlist", "blocklist", "guarded_paths"].some((key) => Array.isArray(tree[key])))
    return undefined
  const base = { scope: "user", source } as const
  const commands = (key: string, decision: Rule["decision"]): readonly Rule[] =>
    asTexts(tree[key]).map((text) => ({ tool: "bash", command: beginning(text), decision, ...base }))
  const guarded = asTexts(tree.guarded_paths).map((path) => absolute(path, home))
  const exclusive = asTexts(tree.allowlist).length > 0
  return {
    rules: [
      ...commands("blocklist", "deny"),
      ...guarded.flatMap((path): readonly Rule[] => [
        { tool: "*", path, access: "write", decision: "deny", ...base },
        { tool: "*", path, access: "read", decision: "ask", ...base },
      ]),
      ...commands("allowlist", "allow"),
    ],
    warnings: exclusive
      ? [
          `${source}: its allowlist forbade every other command. Here the others are asked about, as the mode says; add a rule that denies for what must not run.`,
        ]
      : [],
  }
}

/** `npm test` meant all that begins so; a `*` at the end is the same. */
function beginning(text: string): string {
  return `${text.trim().replace(/\s*\*$/, "")} *`
}

function absolute(path: string, home: string): string {
  return path === "~" || path.startsWith("~/") ? `${home}${path.slice(1)}` : path
}
