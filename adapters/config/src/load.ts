import { isAbsolute, join, resolve } from "node:path"
import { SkeinError } from "@skein/protocol"
import { type Checked, check } from "./check.ts"
import { DEFAULTS } from "./defaults.ts"
import { withFeatures } from "./features.ts"
import type { Entry, Layer, Origin } from "./layers.ts"
import { narrowed } from "./narrow.ts"
import { keyText } from "./paths.ts"
import { type Row, rowsOf } from "./show.ts"
import { type ConfigInput, layersOf } from "./sources.ts"
import { type ConfigTree, valuesOf } from "./tree.ts"
import type { ConfigValues } from "./values.ts"

export interface Config {
  readonly values: ConfigValues
  /** One sentence each: what was ignored, where it stands, and why. */
  readonly warnings: readonly string[]
  /** Where the value of a key (`limits.steps`) came from; undefined when it has none. */
  origin(key: string): Origin | undefined
  /** Every value that is set, in the order of their keys. Secrets are not in it. */
  show(): readonly Row[]
}

/**
 * One configuration from all its layers. Pure over what it is given; costs next to nothing when there are no layers.
 * Throws SkeinError `config.invalid`.
 */
export function loadConfig(input: ConfigInput): Config {
  const warnings: string[] = []
  const warn = (sentence: string) => warnings.push(sentence)
  const held = new Map<string, readonly Entry[]>()
  for (const [key, value] of DEFAULTS)
    held.set(key, [{ path: key.split("."), value, origin: { layer: "defaults", key } }])
  for (const layer of layersOf(input, warn).map(withFeatures)) {
    for (const found of check(layer, warn)) lay(placed(found, layer, input.home), layer)
  }

  function lay(entry: Checked, layer: Layer): void {
    const key = keyText(entry.path)
    const below = held.get(key) ?? []
    const taken = layer.name === "project" ? narrowed(entry, below.at(-1)?.value, layer, warn) : entry
    if (taken !== undefined) held.set(key, taken.key.isJoined ? [...below, taken] : [taken])
  }

  return {
    values: valuesOf(treeOf(held)),
    warnings,
    origin: (key) => held.get(key)?.at(-1)?.origin,
    show: () => rowsOf(held),
  }
}

/** Paths made absolute, rules given their scope; and no secret taken from where every process can read it. */
function placed(entry: Checked, layer: Layer, home: string): Checked {
  if (entry.key.secrecy === "hidden" && layer.name === "override") {
    throw new SkeinError(
      "config.invalid",
      `Cannot use ${entry.origin.key}: other users can see a command line. Put it into a file.`,
    )
  }
  const absolute = (path: unknown) => absolutePath(String(path), layer.folder ?? "/", home)
  if (keyText(entry.path) === "rules" && Array.isArray(entry.value)) {
    const scope = layer.name === "project" ? "project" : "user"
    return {
      ...entry,
      value: entry.value.map(({ expires, ...rule }) => ({
        ...rule,
        scope,
        ...(rule.path && { path: absolute(rule.path) }),
        ...(expires === undefined ? {} : { expiresAt: new Date(expires).getTime() }),
        ...(layer.file === undefined ? {} : { source: layer.file }),
      })),
    }
  }
  if (!entry.key.isPath) return entry
  return { ...entry, value: Array.isArray(entry.value) ? entry.value.map(absolute) : absolute(entry.value) }
}

function absolutePath(path: string, folder: string, home: string): string {
  if (path === "~" || path.startsWith("~/")) return join(home, path.slice(1))
  return isAbsolute(path) ? path : resolve(folder, path)
}

/** Every leaf here was checked by its row, which is what makes this tree a ConfigTree. */
function treeOf(held: ReadonlyMap<string, readonly Entry[]>): ConfigTree {
  const root: Partial<ConfigTree> & Record<string, unknown> = {}
  for (const entries of held.values()) {
    const [first] = entries
    if (first === undefined) continue
    let node: Record<string, unknown> = root
    for (const part of first.path.slice(0, -1)) {
      node[part] ??= {}
      node = node[part] as Record<string, unknown>
    }
    const values = entries.map((entry) => entry.value)
    node[first.path.at(-1) ?? ""] = Array.isArray(values[0]) ? values.flat() : values[0]
  }
  return root as ConfigTree
}
