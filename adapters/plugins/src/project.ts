import { existsSync, readdirSync, realpathSync, statSync } from "node:fs"
import { join, relative } from "node:path"
import { SkeinError } from "@skein/protocol"
import { filesIn, sha256 } from "./files.ts"
import { isValues } from "./manifest/checks.ts"
import { jsonAt } from "./manifest/read.ts"

/** What the person trusts of a folder, exactly as it is; undefined while they do not trust it. */
export interface TrustedItems {
  /** What the names of items start at; absolute, resolved. */
  readonly folder: string
  /** SHA-256 by name, of what is trusted as it is now. */
  readonly items: ReadonlyMap<string, string>
}

/** What a project brings and asks for. */
export interface ProjectPlugins {
  /** Folders of plugins in it; absolute, resolved. */
  readonly roots: readonly string[]
  /** `name` of `name@marketplace` that its settings turn on. */
  readonly asked: readonly string[]
  /** What is left out, a sentence each. */
  readonly left: readonly string[]
}

const FOLDERS = [".agents/plugins", ".skein/plugins"]
const SETTINGS = ".claude/settings.json"
const NONE: ProjectPlugins = { roots: [], asked: [], left: [] }

/**
 * Plugins that lie in a project, and those that its settings ask for. `trusted` is asked only where there is one, and then
 * every file of a plugin has to stand, byte for byte, among what is trusted.
 */
export async function projectPlugins(
  project: string,
  trusted: () => Promise<TrustedItems | undefined>,
): Promise<ProjectPlugins> {
  const roots = FOLDERS.flatMap((folder) => pluginsIn(join(project, folder)))
  const asking = askedIn(project)
  if (roots.length === 0 && asking.names.length === 0) return NONE
  const known = await trusted()
  if (known === undefined)
    return {
      ...NONE,
      left: [
        `Plugins of this folder are not used, because it is not trusted, or not as it is now: ${[...roots.map((root) => relative(project, root)), ...asking.names].join(", ")}. ` +
          "See what they are with: skein trust items. To trust it: skein trust accept.",
      ],
    }
  const flawed = roots.map((root) => ({ root, why: whyUntrusted(root, known) }))
  const areAsked =
    known.items.get(relative(known.folder, join(project, `${SETTINGS}#enabledPlugins`))) === asking.sha256
  return {
    roots: flawed.flatMap(({ root, why }) => (why === undefined ? [root] : [])),
    asked: areAsked ? asking.names : [],
    left: flawed.flatMap(({ root, why }) =>
      why === undefined ? [] : [`The plugin ${relative(project, root)} of this folder is not used: ${why}`],
    ),
  }
}

function pluginsIn(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  const real = realpathSync(folder)
  return readdirSync(real, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? [join(real, entry.name)] : []))
    .toSorted()
}

function askedIn(project: string): { readonly names: readonly string[]; readonly sha256: string } {
  const read = existsSync(join(project, SETTINGS)) ? jsonAt(realpathSync(project), SETTINGS) : undefined
  const value = read !== undefined && "value" in read && isValues(read.value) ? read.value.enabledPlugins : undefined
  if (!isValues(value)) return { names: [], sha256: "" }
  const names = Object.entries(value).flatMap(([key, isOn]) => (isOn === true ? [key] : []))
  return { names, sha256: sha256(JSON.stringify(value)) }
}

function whyUntrusted(root: string, { folder, items }: TrustedItems): string | undefined {
  try {
    const other = filesIn(root).find(
      ({ path, bytes }) => items.get(relative(folder, join(root, path))) !== sha256(bytes),
    )
    return other === undefined ? undefined : `${other.path} is not what you trusted. See it with: skein trust items`
  } catch (error) {
    if (error instanceof SkeinError) return error.message
    throw error
  }
}
