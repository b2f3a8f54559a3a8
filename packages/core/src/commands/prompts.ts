import {
  type CommandInfo,
  type CommandLine,
  type CommandReply,
  type Settings,
  SkeinError,
  type TurnTerms,
} from "@skein/protocol"
import { allowedByName, limiting } from "../approval/for-turn.ts"
import type { ExpandedPrompt, Place, PromptInfo, PromptsPort } from "../ports/index.ts"
import type { Command, CommandWorld } from "./command.ts"
import { isReserved } from "./elsewhere.ts"

/** A prompt that somebody wrote into a file, as a command. */
export interface Offered {
  readonly info: CommandInfo
  readonly prompt: PromptInfo
}

/**
 * The prompts of a place as commands. skein's own command of a name stays what the name means: such a prompt is called with
 * whose it is before it, `/user:help`.
 */
export async function offeredPrompts(
  prompts: PromptsPort | undefined,
  place: Place,
  own: readonly Command[],
): Promise<readonly Offered[]> {
  const found = (await prompts?.list(place)) ?? []
  return found.map((prompt) => ({ prompt, info: infoOf(prompt, own) }))
}

function infoOf(prompt: PromptInfo, own: readonly Command[]): CommandInfo {
  const { name, aliases = [], summary, usage, kind, scope, file } = prompt
  const owner = ownerOf(name, own)
  const whose = name.includes(":") ? [] : [`${scope}:${name}`]
  const names = owner === undefined ? [name, ...whose, ...aliases] : [`${scope}:${name}`, ...aliases]
  const [first = name, ...others] = names.filter((each) => ownerOf(each, own) === undefined)
  return {
    ...{ name: first, aliases: others, summary, usage, whileBusy: true },
    origin: { kind, scope, ...(file === undefined ? {} : { file }) },
    ...(owner === undefined ? {} : { hiddenBy: owner }),
  }
}

/** skein's own command that a name means. */
function ownerOf(name: string, all: readonly Command[]): string | undefined {
  const wanted = name.toLowerCase()
  const own = all.find((command) => command.name === wanted || command.aliases?.includes(wanted) === true)
  return own?.name ?? (isReserved(wanted) ? wanted : undefined)
}

/** What `/name args` begins, where it is a prompt; undefined where there is none. Throws SkeinError that says what is wrong. */
export async function promptReply(
  { name, args }: CommandLine,
  own: readonly Command[],
  world: CommandWorld,
): Promise<CommandReply | undefined> {
  const { prompts } = world
  if (prompts === undefined) return undefined
  const offered = await offeredPrompts(prompts.port, prompts.place, own)
  const isNamed = ({ info }: Offered) => [info.name, ...info.aliases].includes(name)
  const isNear = ({ info }: Offered) => [info.name, ...info.aliases].some((each) => each === name.toLowerCase())
  const found = offered.find(isNamed) ?? offered.find(isNear)
  if (found === undefined) return undefined
  const { prompt, info } = found
  if (args === "--help" || args === "-h") return { kind: "usage", text: helpText(info) }
  const signal = new AbortController().signal
  const expanded = await prompts.port.expand(prompt.name, args, prompts.place, signal)
  if (expanded === undefined) return undefined
  return replyOf(expanded, prompt, world)
}

function helpText({ name, usage, summary, origin }: CommandInfo): string {
  const from = origin?.file === undefined ? "" : `\nIt is the file ${origin.file}.`
  return `/${name}${usage === "" ? "" : ` ${usage}`}  ${summary}${from}`
}

async function replyOf(expanded: ExpandedPrompt, prompt: PromptInfo, world: CommandWorld): Promise<CommandReply> {
  const { sessionId } = world
  const facts = await world.facts()
  const { terms, notes } = termsOf(expanded, prompt, facts.settings, world)
  const done = [...(expanded.notes ?? []), ...notes].join("\n")
  const said = done === "" ? {} : { done }
  if (expanded.agent !== undefined) {
    const text = expanded.input.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n")
    const spawn = { type: "agent.spawn", sessionId, agent: expanded.agent, prompt: text } as const
    return { kind: "ops", ops: [{ ...spawn, description: `/${prompt.name}` }], ...said }
  }
  // Its model, its effort and its tools are of a turn of its own.
  const delivery = facts.runningTurn === undefined ? "start" : "queue"
  const submit = { type: "turn.submit", sessionId, input: expanded.input, delivery } as const
  return { kind: "ops", ops: [terms === undefined ? submit : { ...submit, terms }], ...said }
}

function termsOf(
  { model, tier, effort, toolsAllowed = [], toolsLeft, taint }: ExpandedPrompt,
  { name, scope }: PromptInfo,
  settings: Settings,
  { prompts, folder }: CommandWorld,
): { readonly terms: TurnTerms | undefined; readonly notes: readonly string[] } {
  const by = `the command /${name}`
  const { rules: allowed, leftOut } = allowedByName({ by, allows: toolsAllowed }, folder)
  const rules = toolsLeft === undefined ? allowed : [...allowed, limiting({ by, leaves: toolsLeft }, folder)]
  const meant =
    tier === undefined ? { model, effort } : { ...orNothing(() => prompts?.tierFor(tier)), ...stated({ effort }) }
  // A project may say how much model, never whose: the conversation would go to somebody else.
  const isElse = scope === "project" && meant.model !== undefined && !isOfSame(meant.model, settings.model)
  const refused = isElse
    ? [`/${name} asks for ${meant.model}, of another provider than this session's. ${settings.model} is asked.`]
    : []
  const terms = {
    ...stated({ model: isElse ? undefined : meant.model, effort: meant.effort }),
    ...(rules.length === 0 ? {} : { rules }),
    ...(taint === undefined ? {} : { taint: [taint] }),
  }
  return { terms: Object.keys(terms).length === 0 ? undefined : terms, notes: [...refused, ...leftOut] }
}

function stated<T extends object>(fields: T): Partial<T> {
  // What is undefined is left out, so that it replaces nothing.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}

const isOfSame = (a: string, b: string) => a.slice(0, a.indexOf("/")) === b.slice(0, b.indexOf("/"))

/** Where no model is known for a tier, the session's own does as well. */
function orNothing(work: () => Pick<TurnTerms, "model" | "effort"> | undefined) {
  try {
    return work() ?? {}
  } catch (error) {
    if (error instanceof SkeinError) return {}
    throw error
  }
}
