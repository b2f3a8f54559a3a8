import { existsSync, realpathSync } from "node:fs"
import { join, relative } from "node:path"
import { type Brought, broughtBy } from "./brings.ts"
import { type ForeignPlaces, foreignPlugins } from "./foreign.ts"
import { type Problem, readPlugin } from "./manifest/plugin.ts"
import { jsonAt } from "./manifest/read.ts"
import { isIntact } from "./store/install.ts"
import type { StateFile } from "./store/state.ts"

/** One plugin of this machine, whoever installed it. */
export interface InventoryRow {
  readonly by: "skein" | "claude" | "codex"
  readonly name: string
  readonly version?: string | undefined
  readonly description?: string | undefined
  readonly source: string
  readonly root: string
  /** `changed`: its files are not those that were agreed to. `broken`: it cannot be loaded, `problems` says why. */
  readonly state: "enabled" | "disabled" | "changed" | "broken"
  readonly signedBy?: string | undefined
  readonly brings: readonly Brought[]
  readonly problems: readonly Problem[]
}

export interface InventoryOptions extends ForeignPlaces {
  readonly folder: string
  readonly state: StateFile
}

/** All plugins of this machine with what each brings and what is wrong with it. Runs nothing. */
export function inventory(options: InventoryOptions): readonly InventoryRow[] {
  const own = options.state.read().plugins.map((plugin) => {
    const root = join(options.folder, plugin.folder)
    const state = plugin.isEnabled ? ("enabled" as const) : ("disabled" as const)
    const row = rowAt(root, plugin.name, { by: "skein", source: plugin.source, state, signedBy: plugin.signedBy })
    return isIntact(root, plugin.sha256) ? row : { ...row, state: "changed" as const }
  })
  const foreign = foreignPlugins(options).map(({ by, name, market, root, isEnabled }) =>
    rowAt(root, name, { by, source: `${name}@${market}`, state: isEnabled ? "enabled" : "disabled" }),
  )
  return [...own, ...foreign]
}

function rowAt(
  root: string,
  name: string,
  facts: Pick<InventoryRow, "by" | "source" | "state" | "signedBy">,
): InventoryRow {
  const missing = { file: "", place: "", why: "Its folder is not there.", isError: true }
  const { plugin, problems } = existsSync(root) ? readPlugin(realpathSync(root), name) : { problems: [missing] }
  if (plugin === undefined) return { ...facts, name, root, state: "broken", brings: [], problems }
  const { version, description } = plugin
  const all = [...problems, ...partProblems(plugin.root, [...plugin.parts.hooks, ...plugin.parts.mcpServers])]
  return {
    ...facts,
    name: plugin.name,
    version,
    description,
    root: plugin.root,
    brings: broughtBy(plugin),
    problems: all,
  }
}

/** Files of hooks and servers that are no JSON: whoever reads them would leave them out. */
export function partProblems(root: string, parts: readonly { readonly file: string }[]): readonly Problem[] {
  return parts.flatMap((part) => {
    const file = relative(root, part.file)
    const read = "value" in part ? undefined : jsonAt(root, file)
    return read !== undefined && "why" in read ? [{ file, place: "", why: read.why, isError: false }] : []
  })
}
