import type { Tree } from "./toml.ts"

/** Where a value came from. */
export interface Origin {
  readonly layer: LayerName
  /** The file, for layers that are files. */
  readonly file?: string | undefined
  /** As it is written there: `limits.steps`, `SKEIN_LIMITS__STEPS`, `-c limits.steps`, `--model`. */
  readonly key: string
}

/** Lowest first; what comes later wins. */
export const LAYERS = [
  "defaults",
  "beneath",
  "base profile",
  "user",
  "settings file",
  "project",
  "environment",
  "profile",
  "permission profile",
  "flags",
  "override",
] as const
export type LayerName = (typeof LAYERS)[number]

/** One layer's tree before it is checked. */
export interface Layer {
  readonly name: LayerName
  readonly file?: string | undefined
  readonly tree: Tree
  /** Relative paths in it start here. */
  readonly folder?: string | undefined
  /** How its reader would write a key. */
  readonly keyOf: (key: string) => string
  /** Values came as text: each may be read as TOML or as it stands. */
  readonly isText?: boolean | undefined
}

/** A value after its layer was checked. */
export interface Entry {
  readonly path: readonly string[]
  readonly value: unknown
  readonly origin: Origin
}
