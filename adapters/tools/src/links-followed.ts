import type { FilesPort, ShellReading } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"

/**
 * A reading that names where its files lead as well: who read the line knows no links, and one in the workspace makes a
 * file of any other place look like the workspace's own.
 */
export async function linksFollowed(
  reading: ShellReading,
  roots: readonly string[],
  files: Pick<FilesPort, "resolve">,
): Promise<ShellReading> {
  const known = new Map<string, Promise<string>>()
  const real = (path: string) => {
    const found = known.get(path) ?? files.resolve(path).catch((error: unknown) => unresolved(path, error))
    known.set(path, found)
    return found
  }
  const followed = async (paths: readonly string[]) => {
    const leads = paths.map((path) => (roots.some((root) => isWithin(path, root)) ? real(path) : path))
    return [...new Set([...paths, ...(await Promise.all(leads))])]
  }
  const commands = reading.commands.map(async (command) => {
    const [reads, writes] = await Promise.all([followed(command.reads), followed(command.writes)])
    return { ...command, reads, writes }
  })
  return { ...reading, commands: await Promise.all(commands) }
}

/** What leads nowhere is not opened either. */
function unresolved(path: string, error: unknown): string {
  if (error instanceof ToolFailure) return path
  throw error
}
