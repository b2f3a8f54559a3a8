import type { Layer } from "./layers.ts"
import { isTree, type Tree } from "./toml.ts"

/** A part of skein that can be switched as a whole. */
export interface Feature {
  /** As `[features]`, `--enable` and `skein features` call it. */
  readonly name: string
  /** `stable`: on, and meant to be. `experimental`: off, and may change or go. */
  readonly stage: "stable" | "experimental"
  /** The setting that it is. */
  readonly key: string
  readonly summary: string
}

/** Each is a setting that is true or false: a second name for it, and no second switch. */
export const FEATURES: readonly Feature[] = [
  { name: "audit", stage: "stable", key: "audit.enabled", summary: "The chained record of what was done" },
  { name: "checkpoints", stage: "stable", key: "checkpoints.enabled", summary: "States of the files to return to" },
  {
    name: "effect_approvals",
    stage: "experimental",
    key: "approvals.effects",
    summary: "Questions by what a command would do",
  },
  { name: "hooks", stage: "stable", key: "hooks.enabled", summary: "Programs of your own at points of a session" },
  { name: "lsp", stage: "stable", key: "lsp.enabled", summary: "Language servers and what they find" },
  {
    name: "tool_router",
    stage: "experimental",
    key: "tool_router.enabled",
    summary: "Calls made of what a model without tools says it would do",
  },
  {
    name: "windowing",
    stage: "experimental",
    key: "context.windowing",
    summary: "Older turns leave the model's view one by one",
  },
]

/**
 * The layer with its `[features]` said by the settings that they are. A setting that stands beside its feature is the
 * closer word and holds. A name that is no feature stays, and is told as any unknown setting is.
 */
export function withFeatures(layer: Layer): Layer {
  const { features, ...rest } = layer.tree
  if (!isTree(features)) return layer
  const known = FEATURES.filter(({ name }) => features[name] !== undefined)
  const unknown = Object.fromEntries(
    Object.entries(features).filter(([name]) => !known.some((one) => one.name === name)),
  )
  const said = known.filter(({ key }) => valueAt(rest, key.split(".")) === undefined)
  const tree = said.reduce((into, { name, key }) => placed(into, key.split("."), features[name]), rest as Tree)
  const names = new Map(said.map(({ name, key }) => [key, `features.${name}`]))
  return {
    ...layer,
    tree: Object.keys(unknown).length === 0 ? tree : { ...tree, features: unknown },
    keyOf: (key) => layer.keyOf(names.get(key) ?? key),
  }
}

function valueAt(tree: Tree, [name = "", ...below]: readonly string[]): unknown {
  const value = tree[name]
  if (below.length === 0) return value
  return isTree(value) ? valueAt(value, below) : undefined
}

function placed(tree: Tree, [name = "", ...below]: readonly string[], value: unknown): Tree {
  if (below.length === 0) return { ...tree, [name]: value }
  const own = tree[name]
  return { ...tree, [name]: placed(isTree(own) ? own : {}, below, value) }
}
