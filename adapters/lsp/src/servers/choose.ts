import { extname } from "node:path"
import type { CodeSettings, CustomServer } from "../options.ts"
import type { ServerRow } from "./row.ts"
import { SERVER_ROWS } from "./rows.ts"

/** The servers of a folder: the person's own first, then the built-in ones that they did not turn off. */
export function rowsOf({ servers }: CodeSettings): readonly ServerRow[] {
  const known = new Map(SERVER_ROWS.map((row) => [row.name, row]))
  const own = Object.entries(servers).flatMap(([name, custom]) => customRow(name, custom, known.get(name)) ?? [])
  return [...own, ...SERVER_ROWS.filter(({ name }) => servers[name] === undefined)]
}

/** The one that speaks this file's language. */
export function rowFor(path: string, rows: readonly ServerRow[]): ServerRow | undefined {
  const extension = extname(path).toLowerCase()
  return extension === "" ? undefined : rows.find(({ languages }) => Object.hasOwn(languages, extension))
}

/** The protocol's id of a file's language. */
export function languageOf(path: string, { languages }: ServerRow): string {
  return languages[extname(path).toLowerCase()] ?? "plaintext"
}

function customRow(name: string, custom: CustomServer, known: ServerRow | undefined): ServerRow | undefined {
  if (custom.isEnabled === false) return undefined
  const { command, args = [], extensions, initialization, env } = custom
  if (known === undefined && (command === undefined || extensions === undefined)) return undefined
  return {
    name,
    languages: extensions === undefined ? (known?.languages ?? {}) : languagesOf(name, extensions, known),
    commands: command === undefined ? withArguments(known?.commands ?? [], args) : [[command, ...args]],
    rootMarkers: known?.rootMarkers ?? [],
    install: known?.install ?? `check lsp.servers.${name}.command: ${command ?? ""}`,
    ...(known?.runsOfProject === undefined ? {} : { runsOfProject: known.runsOfProject }),
    ...(initialization === undefined && known?.initialization === undefined
      ? {}
      : { initialization: merged(known?.initialization ?? {}, initialization ?? {}) }),
    ...(known?.settings === undefined ? {} : { settings: known.settings }),
    ...(known?.dialect === undefined ? {} : { dialect: known.dialect }),
    env: { ...known?.env, ...env },
  }
}

type Tree = Readonly<Record<string, unknown>>

/** What the person says holds; what they do not speak of stays. */
function merged(known: Tree, own: Tree): Tree {
  const pairs = Object.entries(own).map(([name, value]) => {
    const old = known[name]
    return [name, isTree(old) && isTree(value) ? merged(old, value) : value] as const
  })
  return { ...known, ...Object.fromEntries(pairs) }
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function withArguments(commands: ServerRow["commands"], args: readonly string[]): ServerRow["commands"] {
  return args.length === 0 ? commands : commands.map(([program = ""]) => [program, ...args])
}

function languagesOf(name: string, extensions: readonly string[], known: ServerRow | undefined) {
  const dotted = extensions.map((extension) => `.${extension.replace(/^\*?\./, "").toLowerCase()}`)
  return Object.fromEntries(dotted.map((extension) => [extension, known?.languages[extension] ?? name]))
}
