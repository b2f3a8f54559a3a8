import { bound, type Item, type ItemKind, quoted } from "../item.ts"
import { isTree, parsedJson, parsedToml, type Tree, textsAt, wordsOf } from "./tree.ts"

/** What a program's settings file can hold that is worth asking about. */
export interface SettingsForm {
  readonly format: "json" | "toml"
  /** Keys at the top that make nothing run and send nothing anywhere. All others are asked about. */
  readonly harmless: ReadonlySet<string> | ((key: string) => boolean)
}

/** Each setting that could make something run, by itself; the whole file when it cannot be taken apart. */
export function settingItems(name: string, text: string, { format, harmless }: SettingsForm): Item[] {
  const tree = format === "json" ? parsedJson(text) : parsedToml(text)
  if (tree === undefined)
    return [bound("setting", name, text, "It cannot be read as settings without doubt, so it counts as a whole.")]
  const isHarmless = typeof harmless === "function" ? harmless : (key: string) => harmless.has(key)
  return Object.entries(tree)
    .filter(([key]) => !isHarmless(key))
    .flatMap(([key, value]) => expanded(name, key, value))
}

/** Groups whose members are things by themselves. */
const GROUPS: Readonly<Record<string, readonly [kind: ItemKind, levels: number]>> = {
  mcpservers: ["mcp", 1],
  mcp_servers: ["mcp", 1],
  servers: ["mcp", 1],
  mcp: ["mcp", 1],
  hooks: ["hook", 2],
  env: ["env", 1],
  permissions: ["permission", 1],
  permission: ["permission", 1],
  provider: ["provider", 1],
  providers: ["provider", 1],
  model_providers: ["provider", 1],
  agent: ["agent", 1],
  agents: ["agent", 1],
  command: ["command", 1],
  commands: ["command", 1],
  lsp: ["editor", 1],
  formatter: ["editor", 1],
  plugin: ["plugin", 0],
  plugins: ["plugin", 1],
  enabledplugins: ["plugin", 0],
  scripts: ["package", 1],
}

function expanded(name: string, key: string, value: unknown): Item[] {
  const [kind, levels] = GROUPS[key.toLowerCase()] ?? ["setting", 0]
  return leaves(`${name}#${key}`, value, levels).map(([place, leaf]) =>
    bound(kind, place, JSON.stringify(leaf) ?? "", sentence(kind, place, leaf)),
  )
}

function leaves(place: string, value: unknown, levels: number): [string, unknown][] {
  if (levels === 0) return [[place, value]]
  if (Array.isArray(value)) return value.flatMap((each: unknown, at) => leaves(`${place}[${at}]`, each, levels - 1))
  if (!isTree(value)) return [[place, value]]
  return Object.entries(value).flatMap(([key, each]) => leaves(`${place}.${key}`, each, levels - 1))
}

const PROGRAMS = new Set([
  "command",
  "cmd",
  "exec",
  "helper",
  "script",
  "args",
  "url",
  "httpUrl",
  "serverUrl",
  "base_url",
  "baseURL",
  "baseUrl",
])

/** Keys whose value is a command line, or a place that is talked to. */
const SPEAKING: Readonly<Record<string, string>> = {
  apikeyhelper: "Runs %s to get the key that models are asked with.",
  awsauthrefresh: "Runs %s to sign in.",
  awscredentialexport: "Runs %s to get credentials.",
  otelheadershelper: "Runs %s for each report it sends.",
  statusline: "Runs %s again and again, to draw a line.",
  notify: "Runs %s after each turn.",
}

function sentence(kind: ItemKind, place: string, value: unknown): string {
  const key = place.slice(place.lastIndexOf("#") + 1)
  const ran = isTree(value) || Array.isArray(value) ? textsAt(value, PROGRAMS) : wordsOf(value)
  const what = ran.length === 0 ? quoted(JSON.stringify(value) ?? "") : ran.slice(0, 4).map(quoted).join(", ")
  const spoken = SPEAKING[key.toLowerCase()]
  if (spoken !== undefined) return spoken.replace("%s", () => what)
  switch (kind) {
    case "mcp":
      return mcpSentence(value, what)
    case "hook":
      return `Runs ${what} at a point of a turn.`
    case "env":
      return `Sets the variable ${quoted(key.slice(key.indexOf(".") + 1))} for whatever is run.`
    case "permission":
      return `Says what needs no question or another one: ${what}.`
    case "provider":
      return `Says where models are asked: ${what}.`
    case "plugin":
      return `Loads ${what} as a plugin.`
    case "editor":
      return `Starts ${what} for the files of the folder.`
    default:
      return `Sets ${quoted(key)} to ${what}.`
  }
}

function mcpSentence(value: unknown, what: string): string {
  const server: Tree = isTree(value) ? value : {}
  const command = wordsOf(server.command)
  if (command.length === 0) return `Talks to ${what} as a tool server.`
  return `Starts ${quoted([...command, ...wordsOf(server.args)].join(" "))} as a tool server.`
}
