import type { ExpandedPrompt, Place, PromptInfo, PromptsPort } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { type CommandFile, commandFiles, type Places, type Row } from "./files/find.ts"
import { parsed } from "./files/parse.ts"
import { argumentsOf } from "./template/arguments.ts"
import { filledIn, type Looked } from "./template/expand.ts"
import { pieces } from "./template/parse.ts"

/** Whose words a line or a path is. */
export interface Judged {
  readonly cwd: string
  /** Rule strings that the command's file names. */
  readonly toolsAllowed: readonly string[]
  readonly signal: AbortSignal
}

export interface CommandsOptions extends Places {
  /** Of these files of a project, the paths of those that the person trusts as they are. */
  readonly trusted: (
    cwd: string,
    files: readonly Pick<CommandFile, "path" | "sha256">[],
  ) => Promise<ReadonlySet<string>>
  /** Told what of a project is not offered for want of that, in a sentence for a person. */
  readonly leaveOut: (cwd: string, sentence: string) => Promise<void>
  /** Folders that plugins bring. */
  readonly plugins: (place: Place) => Promise<readonly Row[]>
  /** A line for the shell, where it changes nothing and may be run. Never rejects. */
  readonly run: (line: string, judged: Judged) => Promise<Looked>
  /** A file of the session's folders, where it may be read. Never rejects. */
  readonly read: (path: string, judged: Judged) => Promise<Looked>
  /** `provider/model` of what a file names; undefined for none that is known. */
  readonly modelFor: (name: string) => string | undefined
  /** Tells the person. */
  readonly warn: (sentence: string) => void
}

/** The commands in Markdown and TOML of a place, read anew each time: a file may have been written a moment ago. */
export function commands(options: CommandsOptions): PromptsPort {
  const told = new Set<string>()
  const usable = async (place: Place): Promise<readonly CommandFile[]> => {
    const files = commandFiles(place.cwd, options, await options.plugins(place))
    const ofProject = files.filter(({ scope }) => scope === "project")
    if (ofProject.length === 0) return files
    const trusted = await options.trusted(place.cwd, ofProject)
    const left = ofProject.filter(({ path }) => !trusted.has(path))
    const key = left.map(({ path }) => path).join("\0")
    if (left.length > 0 && !told.has(key)) await options.leaveOut(place.cwd, untrustedText(left))
    told.add(key)
    return files.filter(({ scope, path }) => scope !== "project" || trusted.has(path))
  }
  return {
    async list(place) {
      return named(await usable(place)).flatMap(({ file, names }) => infoOf(file, names))
    },
    async expand(name, args, place, signal) {
      const found = named(await usable(place)).find(({ names }) => names.includes(name))
      return found === undefined ? undefined : expanded(found.file, args, { cwd: place.cwd, signal }, options)
    },
  }
}

function untrustedText(files: readonly CommandFile[]): string {
  const [first] = files
  const which = files.length === 1 ? `The command in ${first?.shown} is` : `${files.length} commands of this folder are`
  return `${which} not offered, because nobody said that this folder may be trusted with it. See it: skein trust items; say so: skein trust accept.`
}

interface Named {
  readonly file: CommandFile
  /** The first is what it is listed by. */
  readonly names: readonly string[]
}

/** Whoever comes first has the name; the others are called with whose they are before it. */
function named(files: readonly CommandFile[]): readonly Named[] {
  const taken = new Set<string>()
  const all = files.flatMap((file): Named[] => {
    const own = [file.name, `${file.scope}:${file.name}`].find((name) => !taken.has(name))
    if (own === undefined) return []
    taken.add(own)
    return [{ file, names: [own] }]
  })
  return all
    .map(({ file, names }) => {
      const free = file.aliases.filter((alias) => !taken.has(alias))
      for (const alias of free) taken.add(alias)
      return { file, names: [...names, ...free] }
    })
    .toSorted((a, b) => ((a.names[0] ?? "") < (b.names[0] ?? "") ? -1 : 1))
}

/** One that says nothing is told of when it is called. */
function infoOf(file: CommandFile, [name = file.name, ...aliases]: readonly string[]): PromptInfo[] {
  const { path, scope } = file
  const said = {
    ...{ name, kind: "command" as const, scope, file: path },
    ...(aliases.length === 0 ? {} : { aliases }),
  }
  try {
    const { summary, usage } = parsed(file)
    return [{ ...said, summary, usage }]
  } catch (error) {
    if (error instanceof SkeinError) return [{ ...said, summary: error.message, usage: "" }]
    throw error
  }
}

async function expanded(
  file: CommandFile,
  args: string,
  { cwd, signal }: Pick<Judged, "cwd" | "signal">,
  { run, read, modelFor }: CommandsOptions,
): Promise<ExpandedPrompt> {
  const head = parsed(file)
  const all = pieces(head.template, file.dialect)
  const given = argumentsOf(args, all, file.dialect)
  const judged = { cwd, toolsAllowed: head.toolsAllowed, signal }
  const looking = { run: (line: string) => run(line, judged), read: (path: string) => read(path, judged) }
  const text = await filledIn(all, given, looking)
  const rest = given.isUsed || args === "" ? "" : `\n\nARGUMENTS: ${args}`
  const model = head.model === undefined ? undefined : modelFor(head.model)
  const isUnknown = head.model !== undefined && model === undefined
  return {
    input: [{ type: "text", text: `${text}${rest}` }],
    ...{ model, tier: head.tier, effort: head.effort, agent: head.agent, toolsAllowed: head.toolsAllowed },
    notes: isUnknown
      ? [`${file.shown} asks for ${head.model}, which is not known here. The session's own is asked.`]
      : [],
  }
}
