import { type CommandInfo, type CommandReply, nearestName, type Query, SkeinError } from "@skein/protocol"
import type { Place, PromptsPort } from "../ports/index.ts"
import { type Command, type CommandWorld, usageReply } from "./command.ts"
import { commandsToCome, elsewhereText } from "./elsewhere.ts"
import { offeredPrompts, promptReply } from "./prompts.ts"
import { COMMANDS } from "./registry.ts"

/** Every command, sorted as help shows them, the prompts of a place, and behind them those that are not there yet. */
export async function commandsIn(
  prompts: PromptsPort | undefined,
  place: Place | undefined,
): Promise<readonly CommandInfo[]> {
  const offered = place === undefined ? [] : await offeredPrompts(prompts, place, COMMANDS)
  const taken = new Set(offered.map(({ info }) => info.name))
  const own = listCommands().filter(({ name, blocker }) => blocker === undefined || !taken.has(name))
  return [...own, ...offered.map(({ info }) => info)]
}

/** skein's own, and behind them those that are not there yet. */
export function listCommands(): readonly CommandInfo[] {
  const known = COMMANDS.map(({ name, aliases = [], summary, usage, whileBusy }) => ({
    ...{ name, aliases, summary, usage, whileBusy },
  }))
  return [...known, ...commandsToCome()]
}

/** What `/name args` asks for. What cannot be done is told as usage; never throws SkeinError. */
export async function resolveCommand(
  { name, args }: Pick<Extract<Query, { type: "command.resolve" }>, "name" | "args">,
  world: CommandWorld,
): Promise<CommandReply> {
  const command = commandOf(name)
  try {
    if (command === undefined) {
      const begun = await promptReply({ name, args: args.trim() }, COMMANDS, world)
      return begun ?? { kind: "usage", text: elsewhereText(name) ?? (await unknownText(name, world)) }
    }
    if (!command.whileBusy && (await isBusy(world))) {
      return { kind: "usage", text: `/${command.name} has to wait until the turn is over. /stop ends it now.` }
    }
    return await run(command, args.trim(), world)
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    return { kind: "usage", text: error.message }
  }
}

function commandOf(name: string): Command | undefined {
  const wanted = name.toLowerCase()
  return COMMANDS.find((command) => command.name === wanted || command.aliases?.includes(wanted))
}

async function run(command: Command, args: string, world: CommandWorld): Promise<CommandReply> {
  if (args === "--help" || args === "-h") return usageReply(command)
  const sure = command.isAsking === true ? /^(?:(.*)\s)?yes$/s.exec(args) : null
  if (sure === null) return await command.run(args, world)
  const reply = await command.run((sure[1] ?? "").trim(), world)
  return reply.kind === "ops" ? { ...reply, confirm: undefined } : reply
}

async function isBusy({ facts }: CommandWorld): Promise<boolean> {
  return (await facts()).runningTurn !== undefined
}

async function unknownText(name: string, { prompts }: CommandWorld): Promise<string> {
  const listed = await commandsIn(prompts?.port, prompts?.place)
  const names = listed.flatMap(({ name, aliases, blocker }) => (blocker === undefined ? [name, ...aliases] : []))
  const near = nearestName(name, names) ?? names.find((known) => known.startsWith(name.toLowerCase()))
  const hint = near === undefined ? "" : ` Did you mean /${near}?`
  return `There is no /${name}.${hint} /help lists what there is.`
}
