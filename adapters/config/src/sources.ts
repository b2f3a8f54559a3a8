import { dirname, join } from "node:path"
import { SkeinError } from "@skein/protocol"
import type { Directories, Environment } from "./directories.ts"
import type { ConfigFiles } from "./files.ts"
import type { Layer, LayerName } from "./layers.ts"
import { isTree, parseToml, readingsOf, type Tree } from "./toml.ts"

/** Everything a configuration is made of. Nothing else is looked at, and nothing is written. */
export interface ConfigInput {
  readonly files: ConfigFiles
  readonly env: Environment
  /** The working folder, absolute: relative paths of flags and variables start there. */
  readonly cwd: string
  /** The folder whose project speaks, absolute; none does when there is none. */
  readonly project: string | undefined
  readonly home: string
  readonly directories: Directories
  /** What flags say, under the keys of the table. */
  readonly flags?: Tree | undefined
  /** `key=value` of each `-c`. */
  readonly overrides?: readonly string[] | undefined
  /** `--profile`; else SKEIN_PROFILE. */
  readonly profile?: string | undefined
  /** `--permission-profile`; else what `permission_profile` says. */
  readonly permissionProfile?: string | undefined
  /** `--settings-file`: one more file, above the user's own. */
  readonly settingsFile?: string | undefined
  /** Leaves the user's own file unread. */
  readonly isIgnoringUser?: boolean | undefined
  /** What another program's file says under our keys: below everything but the defaults. */
  readonly beneath?: Beneath | undefined
}

/** A file of another program, read by its own edge. Relative paths in it start at its folder. */
export interface Beneath {
  readonly file: string
  readonly tree: Tree
}

/** All layers that exist, lowest first; the defaults are not among them. */
export function layersOf(input: ConfigInput, warn: (sentence: string) => void): readonly Layer[] {
  const own = [...userLayer(input), ...settingsLayer(input)]
  const overrides = (input.overrides ?? []).map((override) => overrideLayer(override, input.cwd))
  const base = own.map((layer) => layer.tree.profile).findLast((name) => typeof name === "string")
  return [
    ...beneathLayer(input),
    ...profileLayers(own, base, "base profile"),
    ...own.map(withoutProfiles),
    ...projectLayers(input, warn),
    ...environmentLayer(input.env, input.cwd),
    ...profileLayers(own, input.profile ?? nonEmpty(input.env.SKEIN_PROFILE), "profile"),
    ...permissionLayers(own, chosenPermissions(input, [...own, ...overrides])),
    ...flagsLayer(input),
    ...overrides,
  ]
}

/** By flag, by `-c`, by variable, by one's own files; a project chooses none. */
function chosenPermissions(input: ConfigInput, layers: readonly Layer[]): string | undefined {
  const names = layers.map(({ name, tree }) => ({ name, said: tree.permission_profile }))
  const said = (isOverride: boolean) =>
    names.findLast((layer) => typeof layer.said === "string" && (layer.name === "override") === isOverride)?.said
  const chosen = input.permissionProfile ?? said(true) ?? nonEmpty(input.env.SKEIN_PERMISSION_PROFILE) ?? said(false)
  return typeof chosen === "string" ? chosen : undefined
}

function beneathLayer({ beneath }: ConfigInput): Layer[] {
  if (beneath === undefined) return []
  const { file, tree } = beneath
  return [{ name: "beneath", file, folder: dirname(file), tree, keyOf: (key) => key }]
}

const FILE_NAME = "config.toml"

function userLayer({ files, directories, isIgnoringUser }: ConfigInput): Layer[] {
  if (isIgnoringUser === true) return []
  return fileLayer(files, "user", directories.config, join(directories.config, FILE_NAME))
}

function settingsLayer({ files, settingsFile }: ConfigInput): Layer[] {
  if (settingsFile === undefined) return []
  const layers = fileLayer(files, "settings file", dirname(settingsFile), settingsFile)
  if (layers.length > 0) return layers
  throw new SkeinError(
    "config.invalid",
    `Cannot find the settings file ${settingsFile}. Check the path after --settings-file.`,
  )
}

/** Of the folders from the git root down to the project's; without a git root of that one alone. */
function projectLayers({ files, project }: ConfigInput, warn: (sentence: string) => void): Layer[] {
  if (project === undefined) return []
  return projectFolders(files, project).flatMap((folder) => {
    const layers = fileLayer(files, "project", folder, join(folder, ".skein", FILE_NAME))
    for (const { tree, file } of layers) {
      for (const name of ["profiles", "permission_profiles"]) {
        if (tree[name] !== undefined) warn(`Ignored ${name} in ${file}: only your own configuration may set them.`)
      }
    }
    return layers.map(withoutProfiles)
  })
}

function projectFolders(files: ConfigFiles, cwd: string): string[] {
  const folders: string[] = []
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.unshift(folder)
    if (files.exists(join(folder, ".git"))) return folders
    // A configuration further up would be anyone's who may write there, as in /tmp.
    if (dirname(folder) === folder) return [cwd]
  }
}

function fileLayer(files: ConfigFiles, name: LayerName, folder: string, file: string): Layer[] {
  const text = files.read(file)
  return text === undefined ? [] : [{ name, file, folder, tree: parseToml(text, file), keyOf: (key) => key }]
}

function withoutProfiles(layer: Layer): Layer {
  const { profiles: _, permission_profiles: __, ...tree } = layer.tree
  return { ...layer, tree }
}

function profileLayers(own: readonly Layer[], chosen: unknown, name: LayerName): Layer[] {
  if (typeof chosen !== "string") return []
  const tables = own.map((layer) => ({ layer, profiles: isTree(layer.tree.profiles) ? layer.tree.profiles : {} }))
  const found = tables.flatMap(({ layer, profiles }) => {
    const tree = Object.hasOwn(profiles, chosen) ? profiles[chosen] : undefined
    return isTree(tree) ? [{ ...layer, name, tree, keyOf: (key: string) => `profiles.${chosen}.${key}` }] : []
  })
  if (found.length > 0) return found
  const known = tables.flatMap(({ profiles }) => Object.keys(profiles))
  const hint =
    known.length === 0
      ? "No profile is defined: add a table [profiles.NAME] to your config.toml."
      : `There are: ${known.join(", ")}.`
  throw new SkeinError("config.invalid", `Cannot find profile ${JSON.stringify(chosen)}. ${hint}`)
}

/** What a `[permission_profiles.NAME]` may hold, and which setting each of it is. */
const PERMISSION_KEYS: Readonly<Record<string, readonly string[]>> = {
  mode: ["mode"],
  sandbox: ["sandbox"],
  rules: ["rules"],
  network: ["tools_network", "access"],
  allow: ["tools_network", "allow"],
}

/** A named set of mode, sandbox, network and rules, above everything but flags. */
function permissionLayers(own: readonly Layer[], chosen: string | undefined): Layer[] {
  if (chosen === undefined) return []
  const tables = own.map((layer) => ({
    layer,
    all: isTree(layer.tree.permission_profiles) ? layer.tree.permission_profiles : {},
  }))
  const found = tables.flatMap(({ layer, all }) => {
    const table = Object.hasOwn(all, chosen) ? all[chosen] : undefined
    return isTree(table) ? [{ layer, table }] : []
  })
  if (found.length === 0) {
    const known = tables.flatMap(({ all }) => Object.keys(all))
    const hint =
      known.length === 0
        ? "None is defined: add a table [permission_profiles.NAME] to your config.toml."
        : `There are: ${known.join(", ")}.`
    throw new SkeinError("config.invalid", `Cannot find permission profile ${JSON.stringify(chosen)}. ${hint}`)
  }
  return found.map(({ layer, table }) => {
    const tree: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(table)) {
      const place = PERMISSION_KEYS[key]
      if (place === undefined) {
        throw new SkeinError(
          "config.invalid",
          `Cannot use permission_profiles.${chosen}.${key}: a permission profile has ${Object.keys(PERMISSION_KEYS).join(", ")}.`,
        )
      }
      const [first = "", second] = place
      tree[first] = second === undefined ? value : { ...(isTree(tree[first]) ? tree[first] : {}), [second]: value }
    }
    return { ...layer, name: "permission profile", tree, keyOf: (key) => `permission_profiles.${chosen}.${key}` }
  })
}

const PREFIX = "SKEIN_"
/** Read elsewhere, before there is a configuration. */
const NO_SETTINGS = new Set(["SKEIN_HOME", "SKEIN_PROFILE", "SKEIN_PERMISSION_PROFILE"])

/** `SKEIN_LIMITS__STEPS` is `limits.steps`. */
function environmentLayer(env: Environment, cwd: string): Layer[] {
  const tree: Record<string, unknown> = {}
  for (const name of Object.keys(env)) {
    if (!name.startsWith(PREFIX) || NO_SETTINGS.has(name)) continue
    const value = nonEmpty(env[name])
    if (value !== undefined) put(tree, placeOf(name), value)
  }
  const keyOf = (key: string) => `${PREFIX}${key.replaceAll(".", "__").toUpperCase()}`.replace(`${ROUTER}_`, ROUTER)
  return Object.keys(tree).length === 0 ? [] : [{ name: "environment", tree, folder: cwd, keyOf, isText: true }]
}

/** These have been called so for longer than there are two underscores between a table and its key. */
const ROUTER = `${PREFIX}TOOL_ROUTER_`

function placeOf(name: string): readonly string[] {
  const plain = name.startsWith(ROUTER) && !name.startsWith(`${ROUTER}_`)
  if (plain) return ["tool_router", name.slice(ROUTER.length).toLowerCase()]
  return name.slice(PREFIX.length).toLowerCase().split("__")
}

function put(tree: Record<string, unknown>, [name = "", ...rest]: readonly string[], value: string): void {
  if (name === "__proto__") return
  if (rest.length === 0) {
    tree[name] = value
    return
  }
  const below = isTree(tree[name]) ? { ...tree[name] } : {}
  put(below, rest, value)
  tree[name] = below
}

function flagsLayer({ flags, cwd }: ConfigInput): Layer[] {
  if (flags === undefined) return []
  return [{ name: "flags", tree: flags, folder: cwd, keyOf: (key) => `--${key.replaceAll(/[._]/g, "-")}` }]
}

/** The key is TOML's, so quoted parts work. The value is TOML where it is any, else a text. */
function overrideLayer(override: string, cwd: string): Layer {
  const equals = equalsAt(override)
  const key = override.slice(0, equals).trim()
  const place = key !== "" && override[equals] === "=" ? keyTree(key) : undefined
  if (place === undefined) {
    throw new SkeinError("config.invalid", "Cannot use -c: expected key=value, as in -c limits.steps=20.")
  }
  const text = override.slice(equals + 1).trim()
  return { name: "override", tree: filled(place, text), folder: cwd, keyOf: (path) => `-c ${path}`, isText: true }
}

/** The first that stands outside quotes. */
function equalsAt(override: string): number {
  return /^(?:"[^"]*"|'[^']*'|[^"'=])*/.exec(override)?.[0].length ?? 0
}

/** The key as a tree whose only leaf is true. */
function keyTree(key: string): Tree | undefined {
  if (/[\r\n#=]/.test(key.replace(/"[^"]*"|'[^']*'/g, ""))) return undefined
  try {
    return parseToml(`${key}=true`, "-c")
  } catch (error) {
    if (error instanceof SkeinError) return undefined
    throw error
  }
}

function filled(tree: Tree, text: string): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([name, below]) => [name, isTree(below) ? filled(below, text) : tableOr(text)]),
  )
}

/** A whole table may be given at once: `-c limits={steps=3}`. */
function tableOr(text: string): unknown {
  const [reading] = readingsOf(text)
  return isTree(reading) ? reading : text
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value
}
