import { realpath } from "node:fs/promises"
import type { SimpleCommand } from "@skein/core/ports"

/** Files that a command names to read, with what links lead to: a link in the workspace may name a file anywhere. */
export async function withLinks(commands: readonly SimpleCommand[]): Promise<readonly SimpleCommand[]> {
  const known = new Map<string, Promise<string | undefined>>()
  const real = (path: string) => {
    const found = known.get(path) ?? realPathOf(path)
    known.set(path, found)
    return found
  }
  return await Promise.all(
    commands.map(async (command) => {
      const targets = await Promise.all(command.reads.map(real))
      const more = targets.flatMap((target) => (target === undefined || command.reads.includes(target) ? [] : [target]))
      return more.length === 0 ? command : { ...command, reads: [...new Set([...command.reads, ...more])] }
    }),
  )
}

async function realPathOf(path: string): Promise<string | undefined> {
  if (!path.startsWith("/")) return undefined
  try {
    return await realpath(path)
  } catch {
    // Not there, or a pattern: nothing is known of it beyond its name.
    return undefined
  }
}
