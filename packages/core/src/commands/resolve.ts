import { type CommandInfo, type CommandReply, nearestName, type Query, SkeinError } from "@skein/protocol"
import { type Command, type CommandWorld, usageReply } from "./command.ts"
import { commandsToCome, elsewhereText } from "./elsewhere.ts"
import { COMMANDS } from "./registry.ts"

/** Every command, sorted as help shows them, and behind them those that are not there yet. */
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
  if (command === undefined) return { kind: "usage", text: elsewhereText(name) ?? unknownText(name) }
  try {
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

function unknownText(name: string): string {
  const names = COMMANDS.flatMap((command) => [command.name, ...(command.aliases ?? [])])
  const near = nearestName(name, names) ?? names.find((known) => known.startsWith(name.toLowerCase()))
  const hint = near === undefined ? "" : ` Did you mean /${near}?`
  return `There is no /${name}.${hint} /help lists what there is.`
}
