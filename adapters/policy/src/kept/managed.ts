import { type Rule, SkeinError } from "@skein/protocol"
import { asList, asObject } from "@skein/protocol/json"
import { readText, stampOf } from "./files.ts"
import { ruleOf } from "./kept.ts"

/**
 * Rules of the machine's administrator: `[[rules]]` in TOML, as in a config.toml. Nobody who uses skein can take one away.
 * Throws SkeinError `config.invalid`: where it cannot be read, nothing runs.
 */
export function managedRules(file: string): () => readonly Rule[] {
  let known: { readonly stamp: string | undefined; readonly rules: readonly Rule[] } | undefined
  return () => {
    const stamp = stampOf(file)
    if (known === undefined || known.stamp !== stamp) known = { stamp, rules: stamp === undefined ? [] : read(file) }
    return known.rules
  }
}

function read(file: string): readonly Rule[] {
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
  const unknown = Object.keys(tree).find((key) => key !== "rules")
  if (unknown !== undefined) throw wrong(`${JSON.stringify(unknown)} is no part of it; only [[rules]] are`)
  return asList(tree.rules).map((entry, at) => {
    const rule = ruleOf(entry, { scope: "managed", source: file })
    if (typeof rule === "string") throw wrong(`rule ${at + 1}: ${rule}`)
    return rule
  })
}
