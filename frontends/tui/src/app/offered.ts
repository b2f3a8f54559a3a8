import type { CommandInfo } from "@skein/protocol"
import type { CommandEntry } from "../composer/context.ts"
import { LOCAL_COMMANDS } from "./local-commands.ts"

/** All that is known behind `/`, the screen's own before the engine's of the same name: first what is now, and last what leaves. */
export function offeredOf(commands: readonly CommandInfo[]): readonly CommandEntry[] {
  const own: readonly CommandEntry[] = LOCAL_COMMANDS.map((command) => ({ ...command, whileBusy: true }))
  const names = new Set(own.map(({ name }) => name))
  const all = [...own, ...commands.flatMap((command) => (names.has(command.name) ? otherwise(command) : [command]))]
  return all.toSorted((a, b) => rankOf(a) - rankOf(b)).map((command) => withChoices(inList(command)))
}

/** A prompt of a file whose name the screen has for itself is called with whose it is before it. */
function otherwise(command: CommandInfo): readonly CommandInfo[] {
  const [name, ...aliases] = command.aliases
  return command.origin === undefined || name === undefined ? [] : [{ ...command, name, aliases }]
}

/** Beside each other, what commands are for ends as names do: without a stop. */
function inList(command: CommandEntry): CommandEntry {
  return { ...command, summary: command.summary.replace(/\.$/, "") }
}

/** What is written after it is offered too, where its usage says the words: `[on|off]`; words apart, as in `[turn | all]`, are of a kind. */
function withChoices(command: CommandEntry): CommandEntry {
  const parts = /^[[<](.*)[\]>]$/.exec(command.usage)?.[1]?.split(" | ") ?? []
  const words = parts.filter((part) => /^[a-z-]+(\|[a-z-]+)+$/.test(part)).flatMap((part) => part.split("|"))
  const choices = command.choices ?? words.map((value) => ({ value, detail: "" }))
  return choices.length === 0 ? command : { ...command, choices }
}

const FIRST = ["status", "model", "mode", "context", "cost", "settings"]

function rankOf({ name }: CommandInfo): number {
  if (name === "quit") return FIRST.length + 1
  const place = FIRST.indexOf(name)
  return place === -1 ? FIRST.length : place
}
