import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs"
import { join } from "node:path"
import { isValues, type Values } from "./manifest/checks.ts"
import { jsonAt } from "./manifest/read.ts"

/** A plugin that another agent installed for the person. */
export interface ForeignPlugin {
  readonly by: "claude" | "codex"
  readonly name: string
  readonly market: string
  /** Absolute. */
  readonly root: string
  readonly isEnabled: boolean
}

export interface ForeignPlaces {
  readonly home: string
  /** Absolute. */
  readonly codexHome: string
}

/** What Claude Code and Codex have installed here, by their own records. Looks at a few small files; at none where there is none. */
export function foreignPlugins(places: ForeignPlaces): readonly ForeignPlugin[] {
  return [...ofCodex(places.codexHome), ...ofClaude(places.home)]
}

const SETTINGS_BYTES_MAX = 4_000_000

/** Claude's `installed_plugins.json` says where each lies, `settings.json` which are on. */
function ofClaude(home: string): readonly ForeignPlugin[] {
  const folder = join(home, ".claude")
  const installed = valueIn(folder, "plugins/installed_plugins.json")?.plugins
  if (!isValues(installed)) return []
  const enabled = valueIn(folder, "settings.json")?.enabledPlugins
  return Object.entries(installed).flatMap(([key, rows]) => {
    const [name = "", market = ""] = key.split("@")
    const row = (Array.isArray(rows) ? rows : [rows]).find((each: unknown) => isValues(each) && isForAll(each))
    if (!isValues(row) || typeof row.installPath !== "string" || !existsSync(row.installPath)) return []
    return [
      { by: "claude", name, market, root: row.installPath, isEnabled: isValues(enabled) && enabled[key] === true },
    ]
  })
}

/** Installed for the person, not for one of their projects. */
function isForAll({ scope }: Values): boolean {
  return scope === undefined || scope === "user"
}

/** `plugins/cache/<marketplace>/<plugin>/<version>`, and `[plugins."name@marketplace"]` of `config.toml` says which are on. */
function ofCodex(codexHome: string): readonly ForeignPlugin[] {
  const cache = join(codexHome, "plugins", "cache")
  if (!existsSync(cache)) return []
  const table = tableIn(codexHome)
  return foldersIn(cache).flatMap((market) =>
    foldersIn(join(cache, market)).flatMap((name) => {
      const version = foldersIn(join(cache, market, name))
        .toSorted(byVersion)
        .at(-1)
      if (version === undefined) return []
      const row = table?.[`${name}@${market}`]
      const isEnabled = isValues(row) && row.enabled === true
      return [{ by: "codex" as const, name, market, root: join(cache, market, name, version), isEnabled }]
    }),
  )
}

function tableIn(codexHome: string): Values | undefined {
  const read = textIn(codexHome, "config.toml")
  if (read === undefined) return undefined
  try {
    const value: unknown = Bun.TOML.parse(read)
    return isValues(value) && isValues(value.plugins) ? value.plugins : undefined
  } catch (_notToml) {
    // Bun throws its own kinds of errors here. Codex itself reads nothing of such a file either.
    return undefined
  }
}

function textIn(folder: string, name: string): string | undefined {
  const stats = statSync(join(folder, name), { throwIfNoEntry: false })
  if (stats?.isFile() !== true || stats.size > SETTINGS_BYTES_MAX) return undefined
  return readFileSync(join(folder, name), "utf8")
}

function valueIn(folder: string, name: string): Values | undefined {
  if (!existsSync(folder)) return undefined
  const read = jsonAt(realpathSync(folder), name, SETTINGS_BYTES_MAX)
  return read !== undefined && "value" in read && isValues(read.value) ? read.value : undefined
}

function byVersion(a: string, b: string): number {
  return SEMVER.test(a) && SEMVER.test(b) ? Bun.semver.order(a, b) : a < b ? -1 : 1
}

const SEMVER = /^\d+\.\d+\.\d+/

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    .toSorted()
}
