import { existsSync } from "node:fs"
import { join, relative, sep } from "node:path"
import type { Place, PluginsPort, PromptsPort } from "@skein/core/ports"
import { lazy, SkeinError } from "@skein/protocol"
import type { LeftOut } from "./left-out.ts"
import { projectOf } from "./locate.ts"
import { type Looked, type LooksOptions, lookingOf } from "./prompt-looks.ts"
import type { HostRequest } from "./request.ts"
import { type ProjectFile, trustedFiles } from "./trusted-files.ts"
import type { Trusting } from "./trusting.ts"

type Dialect = "claude" | "opencode" | "codex" | "gemini"
interface Row {
  readonly folder: string
  readonly dialect: Dialect
  readonly plugin?: string | undefined
}

interface Judged {
  readonly cwd: string
  readonly toolsAllowed: readonly string[]
  readonly signal: AbortSignal
}

/** What is used of the adapter that reads them. */
export interface PromptFilesAdapter {
  commands(options: {
    readonly home: string
    readonly projectRows: readonly Row[]
    readonly ownRows: readonly Row[]
    readonly projectOf: (cwd: string) => string
    readonly trusted: (cwd: string, files: readonly ProjectFile[]) => Promise<ReadonlySet<string>>
    readonly leaveOut: LeftOut["tell"]
    readonly plugins: (place: Place) => Promise<readonly Row[]>
    readonly run: (line: string, judged: Judged) => Promise<Looked>
    readonly read: (path: string, judged: Judged) => Promise<Looked>
    readonly modelFor: (name: string) => string | undefined
    readonly warn: (sentence: string) => void
  }): PromptsPort
}

export interface PromptFilesOptions extends LooksOptions {
  readonly load: { commands(): Promise<PromptFilesAdapter> }
  readonly request: Pick<HostRequest, "home" | "env">
  readonly folders: { readonly config: string }
  readonly trust: Trusting
  readonly leftOut: LeftOut
  /** `provider/model` of a model's name. Throws SkeinError `model.unknown`. */
  readonly resolve: (model: string) => string
  /** Tells the person. */
  readonly warn: (sentence: string) => void
}

/** Commands in Markdown and TOML. Nothing is loaded where neither the folder, nor the person, nor a plugin has any. */
export function promptFilesOf(options: PromptFilesOptions, plugins: PluginsPort | undefined): PromptsPort {
  const { request, trust, warn } = options
  const { home } = request
  const own = ownRows(options)
  const ofPlugins = async (place: Place) => rowsOf((await plugins?.enabled(place)) ?? [])
  const adapter = lazy(async () =>
    (await options.load.commands()).commands({
      ...{ home, projectRows: PROJECT_ROWS, ownRows: own, projectOf, warn, plugins: ofPlugins, ...lookingOf(options) },
      trusted: (cwd, files) => trustedFiles(cwd, files, trust),
      leaveOut: options.leftOut.tell,
      modelFor: (name) => knownModel(name, options),
    }),
  )
  const hasAny = async (place: Place) => hasFolder(place.cwd, own) || (await ofPlugins(place)).length > 0
  return {
    list: async (place) => ((await hasAny(place)) ? (await adapter()).list(place) : []),
    expand: async (name, args, place, signal) =>
      (await hasAny(place)) ? (await adapter()).expand(name, args, place, signal) : undefined,
  }
}

/** In a project, the nearest to skein first. */
const PROJECT_ROWS: readonly Row[] = [
  { folder: ".skein/commands", dialect: "claude" },
  { folder: ".claude/commands", dialect: "claude" },
  { folder: ".agents/commands", dialect: "claude" },
  { folder: ".opencode/command", dialect: "opencode" },
  { folder: ".opencode/commands", dialect: "opencode" },
  { folder: ".gemini/commands", dialect: "gemini" },
]

function ownRows({ request: { home, env }, folders }: PromptFilesOptions): readonly Row[] {
  const codexHome = env.CODEX_HOME === undefined || env.CODEX_HOME === "" ? join(home, ".codex") : env.CODEX_HOME
  return [
    { folder: join(folders.config, "commands"), dialect: "claude" },
    { folder: join(home, ".claude/commands"), dialect: "claude" },
    { folder: join(codexHome, "prompts"), dialect: "codex" },
    { folder: join(home, ".config/opencode/command"), dialect: "opencode" },
    { folder: join(home, ".config/opencode/commands"), dialect: "opencode" },
    { folder: join(home, ".gemini/commands"), dialect: "gemini" },
  ]
}

function rowsOf(plugins: Awaited<ReturnType<PluginsPort["enabled"]>>): readonly Row[] {
  return plugins.flatMap(({ name, commands }) =>
    commands.map((folder) => ({ folder, dialect: "claude" as const, plugin: name })),
  )
}

function hasFolder(cwd: string, own: readonly Row[]): boolean {
  const project = projectOf(cwd)
  const between = relative(project, cwd).split(sep)
  const folders = [project, ...between.map((_, at) => join(project, ...between.slice(0, at + 1)))]
  const inProject = folders.flatMap((folder) => PROJECT_ROWS.map((row) => join(folder, row.folder)))
  return [...inProject, ...own.map(({ folder }) => folder)].some((folder) => existsSync(folder))
}

function knownModel(name: string, { resolve }: PromptFilesOptions): string | undefined {
  try {
    return resolve(name)
  } catch (error) {
    if (error instanceof SkeinError) return undefined
    throw error
  }
}
