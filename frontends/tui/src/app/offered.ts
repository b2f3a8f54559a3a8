import type { CommandInfo } from "@skein/protocol"
import { LOCAL_COMMANDS } from "./local-commands.ts"

/** All that stands in `/`, the screen's own before the engine's of the same name: first what is now, and last what leaves. */
export function offeredOf(commands: readonly CommandInfo[]): readonly CommandInfo[] {
  const own = LOCAL_COMMANDS.map((command) => ({ ...command, whileBusy: true }))
  const names = new Set(own.map(({ name }) => name))
  const all = [...own, ...commands.filter(({ name }) => !names.has(name))]
  return all.toSorted((a, b) => rankOf(a) - rankOf(b))
}

const FIRST = ["status", "model", "mode", "context", "cost", "settings"]

function rankOf({ name }: CommandInfo): number {
  if (name === "quit") return FIRST.length + 1
  const place = FIRST.indexOf(name)
  return place === -1 ? FIRST.length : place
}
