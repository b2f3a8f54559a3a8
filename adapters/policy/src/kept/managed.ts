import { type Rule, SkeinError } from "@skein/protocol"
import { asList, asObject } from "@skein/protocol/json"
import { readText, stampOf } from "./files.ts"
import { ruleOf } from "./kept.ts"

/** What the machine's administrator says. */
export interface Managed {
  readonly rules: readonly Rule[]
  /** Nobody runs a command without a sandbox, not even their own. */
  readonly isAlwaysConfined: boolean
}

const NOTHING: Managed = { rules: [], isAlwaysConfined: false }

/**
 * What the machine's administrator says: `[[rules]]` in TOML, as in a config.toml, and `unconfined = "never"`. Nobody who
 * uses skein can take it away. Throws SkeinError `config.invalid`: where it cannot be read, nothing runs.
 */
export function managedFile(file: string): () => Managed {
  let known: { readonly stamp: string | undefined; readonly managed: Managed } | undefined
  return () => {
    const stamp = stampOf(file)
    if (known === undefined || known.stamp !== stamp) {
      known = { stamp, managed: stamp === undefined ? NOTHING : read(file) }
    }
    return known.managed
  }
}

function read(file: string): Managed {
  const wrong = (what: string, cause?: unknown) =>
    new SkeinError(
      "config.invalid",
      `Cannot use ${file}: ${what}. It holds the rules of this machine's administrator, so nothing runs without it.`,
      { cause },
    )
  let parsed: unknown
  try {
    parsed = Bun.TOML.parse(readText(file))
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : "it is no TOML", cause)
  }
  const tree = asObject(parsed) ?? {}
  const unknown = Object.keys(tree).find((key) => key !== "rules" && key !== "unconfined")
  if (unknown !== undefined)
    throw wrong(`${JSON.stringify(unknown)} is no part of it; only [[rules]] and unconfined are`)
  if (tree.unconfined !== undefined && tree.unconfined !== "never") throw wrong('unconfined can only be "never"')
  const rules = asList(tree.rules).map((entry, at) => {
    const rule = ruleOf(entry, { scope: "managed", source: file })
    if (typeof rule === "string") throw wrong(`rule ${at + 1}: ${rule}`)
    return rule
  })
  return { rules, isAlwaysConfined: tree.unconfined === "never" }
}
