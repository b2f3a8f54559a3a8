import { dirname, join } from "node:path"
import type { PluginParts, PluginValue } from "@skein/core/ports"
import type { McpServerSpec } from "@skein/protocol"
import { asObject, asTexts, type Json } from "@skein/protocol/json"
import { type FoundServer, groupOf } from "./found.ts"
import { type RawServer, rawServers } from "./raw.ts"
import { type EntryOptions, understood } from "./spec.ts"
import { textFiles } from "./text-files.ts"

/** Whose configurations are read besides skein's own, a project's and its plugins'. */
export const IMPORTS = ["claude", "codex", "cursor", "vscode"] as const
export type ImportName = (typeof IMPORTS)[number]

export interface ConfiguredOptions {
  readonly home: string
  /** `$CODEX_HOME`, or where Codex looks without it. Absolute. */
  readonly codexHome: string
  /** Where VS Code keeps a person's settings. Absolute. */
  readonly vscodeFolder: string
  /** The repository of a folder, or the folder itself. */
  readonly projectOf: (cwd: string) => string
  readonly imports: (cwd: string) => readonly string[]
  /** Skein's own: by name, as its configuration has them. */
  readonly own: (cwd: string) => { readonly servers: Json; readonly file: string }
  /** What the command line brings: texts of JSON, or paths. `isStrict`: nothing else counts. */
  readonly flags: { readonly configs: readonly string[]; readonly isStrict: boolean; readonly cwd: string }
}

export interface Configured {
  /** All there are in a folder, strongest first, each name once. Nothing is started. */
  read(cwd: string, brought: readonly McpServerSpec[], plugins: readonly PluginParts[]): ConfiguredServers
}

export interface ConfiguredServers {
  readonly servers: readonly FoundServer[]
  /** What could not be read, and what a model would call as another: a sentence each. */
  readonly problems: readonly string[]
}

/** Reads every place where people have servers already. Files are read again when they changed. */
export function configured(options: ConfiguredOptions): Configured {
  const files = textFiles()
  return {
    read(cwd, brought, plugins) {
      const collected = new Collected()
      fromFlags(options.flags, files, collected)
      if (options.flags.isStrict) return collected.result()
      for (const spec of brought) collected.add([{ ...plain(spec.name, "client"), spec }])
      fromProject(cwd, options, files, collected)
      fromPerson(cwd, options, files, collected)
      for (const plugin of plugins) fromPlugin(plugin, files, collected)
      return collected.result()
    },
  }
}

type Files = ReturnType<typeof textFiles>

/** The first of a name counts. */
class Collected {
  readonly #byGroup = new Map<string, FoundServer>()
  readonly #problems: string[] = []
  readonly #disabled = new Set<string>()
  readonly #disabledOfProject = new Set<string>()

  add(servers: readonly FoundServer[]): void {
    for (const server of servers) {
      const before = this.#byGroup.get(server.group)
      if (before === undefined) this.#byGroup.set(server.group, server)
      else if (before.scope === "project" && server.scope !== "project" && before.hides === undefined)
        this.#byGroup.set(server.group, { ...before, hides: server })
      else if (before.name !== server.name)
        this.#problems.push(`The server ${server.name} is left out: ${before.name} has the same name for a model.`)
    }
  }

  file(value: Json | string | undefined): value is Json {
    if (typeof value === "string") this.#problems.push(value)
    return typeof value === "object"
  }

  problem(sentence: string): void {
    this.#problems.push(sentence)
  }

  disable(names: readonly string[]): void {
    for (const name of names) this.#disabled.add(name)
  }

  disableOfProject(names: readonly string[]): void {
    for (const name of names) this.#disabledOfProject.add(name)
  }

  result(): ConfiguredServers {
    const servers = [...this.#byGroup.values()].map(({ hides, ...server }) => ({
      ...this.#switched(server),
      ...(hides === undefined ? {} : { hides: this.#switched(hides) }),
    }))
    return { servers: servers.toSorted((a, b) => (a.name < b.name ? -1 : 1)), problems: [...new Set(this.#problems)] }
  }

  #switched(server: FoundServer): FoundServer {
    const { name, scope } = server
    const isOff = this.#disabled.has(name) || (scope === "project" && this.#disabledOfProject.has(name))
    return isOff && scope !== "flag" ? { ...server, isEnabled: false } : server
  }
}

function fromFlags({ configs, cwd }: ConfiguredOptions["flags"], files: Files, collected: Collected): void {
  for (const config of configs) {
    const isInline = config.trimStart().startsWith("{")
    const file = isInline ? undefined : join(config.startsWith("/") ? "/" : cwd, config)
    const tree = file === undefined ? inline(config) : (files.read(file) ?? `There is no ${file}.`)
    if (!collected.file(tree)) continue
    collected.add(foundIn(rawServers(tree, { isWhole: true }), { scope: "flag", file, folder: cwd }))
  }
}

function inline(text: string): Json | string {
  try {
    return asObject(Bun.JSONC.parse(text)) ?? "What --mcp-config gives is no object."
  } catch (_notJson) {
    // What the parser says may hold a secret of the text.
    return "What --mcp-config gives is neither JSON nor a file."
  }
}

/** Names of files of a project, the one that counts first; `isWhole`: it is about servers alone. */
const PROJECT_FILES = [
  { name: ".mcp.json", isWhole: true, of: undefined },
  { name: ".skein/config.toml", isWhole: false, of: undefined },
  { name: ".skein/mcp.json", isWhole: true, of: undefined },
  { name: ".vscode/mcp.json", isWhole: true, of: "vscode" },
  { name: ".cursor/mcp.json", isWhole: true, of: "cursor" },
  { name: ".codex/config.toml", isWhole: false, of: "codex" },
] as const

function fromProject(cwd: string, options: ConfiguredOptions, files: Files, collected: Collected): void {
  const project = options.projectOf(cwd)
  const imports = options.imports(cwd)
  for (const folder of upwards(cwd, project)) {
    // A person's own files lie in their home, and so are no project's.
    if (folder === options.home) continue
    for (const { name, isWhole, of } of PROJECT_FILES) {
      if (of !== undefined && !imports.includes(of)) continue
      const file = join(folder, name)
      const tree = files.read(file)
      if (!collected.file(tree)) continue
      collected.add(foundIn(rawServers(tree, { isWhole }), { scope: "project", file, folder }))
    }
    for (const name of [".claude/settings.json", ".claude/settings.local.json"])
      switches(join(folder, name), files, collected)
  }
}

/** What turns servers of a project off, and no others; that they are turned on there grants nothing. */
function switches(file: string, files: Files, collected: Collected): void {
  const tree = files.read(file)
  if (typeof tree === "object") collected.disableOfProject(asTexts(tree.disabledMcpjsonServers))
}

function fromPerson(cwd: string, options: ConfiguredOptions, files: Files, collected: Collected): void {
  const { home, codexHome, vscodeFolder } = options
  const imports = options.imports(cwd)
  const own = options.own(cwd)
  collected.add(foundIn(rawServers({ mcpServers: own.servers }, { isWhole: false }), { ...person(own.file) }))
  if (imports.includes("claude")) {
    const file = join(home, ".claude.json")
    const tree = files.read(file)
    if (collected.file(tree)) {
      const projects = asObject(tree.projects) ?? {}
      for (const folder of [cwd, options.projectOf(cwd)]) {
        const here = asObject(projects[folder])
        if (here === undefined) continue
        collected.disable(asTexts(here.disabledMcpServers))
        collected.disableOfProject(asTexts(here.disabledMcpjsonServers))
        collected.add(foundIn(rawServers({ mcpServers: here.mcpServers }, { isWhole: false }), person(file)))
      }
      collected.add(foundIn(rawServers({ mcpServers: tree.mcpServers }, { isWhole: false }), person(file)))
    }
    switches(join(home, ".claude/settings.json"), files, collected)
  }
  const others = [
    { of: "codex", file: join(codexHome, "config.toml"), isWhole: false },
    { of: "cursor", file: join(home, ".cursor/mcp.json"), isWhole: true },
    { of: "vscode", file: join(vscodeFolder, "mcp.json"), isWhole: true },
  ] as const
  for (const { of, file, isWhole } of others) {
    const tree = imports.includes(of) ? files.read(file) : undefined
    if (collected.file(tree)) collected.add(foundIn(rawServers(tree, { isWhole }), person(file)))
  }
}

const person = (file: string) => ({ scope: "user", file, folder: dirname(file) }) as const

function fromPlugin({ root, dataFolder, mcpServers }: PluginParts, files: Files, collected: Collected): void {
  const own = { CLAUDE_PLUGIN_ROOT: root, CLAUDE_PLUGIN_DATA: dataFolder, SKEIN_PLUGIN_ROOT: root, PLUGIN_ROOT: root }
  for (const part of mcpServers) {
    const tree = treeOf(part, files)
    if (!collected.file(tree)) continue
    collected.add(foundIn(rawServers(tree, { isWhole: true }), { scope: "plugin", file: part.file, folder: root, own }))
  }
}

function treeOf(part: PluginValue, files: Files): Json | string | undefined {
  if (!("value" in part)) return files.read(part.file)
  const value = asObject(part.value)
  return value === undefined ? `${part.file} names servers that are no table.` : value
}

interface Where extends EntryOptions {
  readonly scope: FoundServer["scope"]
  readonly file: string | undefined
}

function foundIn(raw: readonly RawServer[], where: Where): readonly FoundServer[] {
  return raw.map(({ name, value, item }) => {
    const said = understood(name, value, where)
    const base = { ...plain(name, where.scope), file: where.file }
    if (typeof said === "string")
      return { ...base, problem: `${said}${where.file === undefined ? "" : ` It stands in ${where.file}.`}` }
    const isOfProject = where.scope === "project"
    return {
      ...base,
      spec: said.spec,
      isEnabled: said.isEnabled,
      // What a clone brings neither holds a turn up nor frees itself.
      isRequired: said.isRequired && !isOfProject,
      isUnconfined: said.isUnconfined && where.scope === "user",
      ...(said.spec.transport.kind === "stdio" ? {} : { login: said.login }),
      hosts: isOfProject ? [] : said.hosts,
      asked: new Set(said.asked),
      approved: new Set(isOfProject || where.scope === "plugin" ? [] : said.approved),
      ...(isOfProject ? { item } : {}),
    }
  })
}

function plain(name: string, scope: FoundServer["scope"]): FoundServer {
  return {
    ...{ name, group: groupOf(name), scope, spec: undefined, isEnabled: true, isRequired: false },
    ...{ hosts: [], isUnconfined: false, asked: new Set<string>(), approved: new Set<string>() },
  }
}

/** The nearest first. */
function upwards(from: string, to: string): readonly string[] {
  const folders: string[] = []
  for (let at = from; ; at = dirname(at)) {
    folders.push(at)
    if (at === to || at === dirname(at)) return folders
  }
}
