import { SkeinError } from "@skein/protocol"
import { type Key, keys } from "./keys.ts"
import type { Entry, Layer } from "./layers.ts"
import { fits, keyText, nearest } from "./paths.ts"
import { isTree, readingsOf, type Tree } from "./toml.ts"

/** An entry that was found good, with the row that says what it is. */
export interface Checked extends Entry {
  readonly key: Key
}

/**
 * The entries of one layer. A wrong type is SkeinError `config.invalid`, saying where and what was expected and never
 * the value. A key that skein does not know is a warning: a newer one may.
 */
export function check(layer: Layer, warn: (sentence: string) => void): readonly Checked[] {
  return [...walk(layer.tree, [])]

  function* walk(tree: Tree, above: readonly string[]): Generator<Checked> {
    for (const name of Object.keys(tree)) {
      const path = [...above, name]
      const rows = keys().filter((key) => fits(key.path, path))
      const value = tree[name]
      // A flag that was not given.
      if (value === undefined) continue
      const leaf = rows.find((key) => key.path.length === path.length)
      if (rows.length === 0) unknown(path, above)
      else if (leaf !== undefined) yield checked(leaf, path, value)
      else if (isTree(value)) yield* walk(value, path)
      // A variable of this name may well be someone else's.
      else if (layer.name !== "environment") throw invalid(layer, path, "a table", value)
    }
  }

  function checked(key: Key, path: readonly string[], value: unknown): Checked {
    const said = typeof value === "string" && key.aliases !== undefined ? aliasOf(key.aliases, value) : value
    const readings = layer.isText && typeof said === "string" ? readingsOf(said) : [said]
    for (const reading of readings) {
      if (key.accepts(reading)) return { key, path, value: reading, origin: originOf(layer, path) }
    }
    throw invalid(layer, path, key.expects, readings[0])
  }

  function unknown(path: readonly string[], above: readonly string[]): void {
    const known = keys()
      .filter((key) => fits(key.path, above))
      .flatMap((key) => key.path[above.length] ?? [])
    const guess = nearest(path.at(-1) ?? "", [...new Set(known)])
    // Variables of that name may well be someone else's.
    if (layer.name === "environment" && guess === undefined) return
    const hint = guess === undefined ? "" : ` Did you mean ${layer.keyOf(keyText([...above, guess]))}?`
    warn(`Ignored ${layer.keyOf(keyText(path))}${inFile(layer)}: skein has no such setting.${hint}`)
  }
}

function aliasOf(aliases: Readonly<Record<string, string>>, word: string): string {
  return (Object.hasOwn(aliases, word) ? aliases[word] : undefined) ?? word
}

export function inFile(layer: Layer): string {
  return layer.file === undefined ? "" : ` in ${layer.file}`
}

function originOf(layer: Layer, path: readonly string[]): Entry["origin"] {
  const origin = { layer: layer.name, key: layer.keyOf(keyText(path)) }
  return layer.file === undefined ? origin : { ...origin, file: layer.file }
}

function invalid(layer: Layer, path: readonly string[], expects: string, value: unknown): SkeinError {
  const where = `${layer.keyOf(keyText(path))}${inFile(layer)}`
  return new SkeinError(
    "config.invalid",
    `Cannot use ${where}: expected ${expects}, found ${wordOf(value, expects) ?? kindOf(value)}. Correct it, or leave it out.`,
  )
}

/** A short plain word in place of one of a few can be said: it was mistyped, and no key looks like it. */
function wordOf(value: unknown, expects: string): string | undefined {
  return typeof value === "string" && expects.startsWith("one of ") && /^[a-z][a-z_-]{0,15}$/i.test(value)
    ? JSON.stringify(value)
    : undefined
}

/** What was found, without saying it: it may be a secret in the wrong place. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list that does not fit"
  if (isTree(value)) return "a table"
  if (typeof value === "number") return "another number"
  return typeof value === "string" ? "another text" : "something else"
}
