import { resolve } from "node:path"
import type { ShellReading } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"

/** More words than these are a list of files, of which nobody misses one. */
const WORDS_MAX = 200

/**
 * Files that a command names and that are empty for it in the sandbox, because they hold secrets; as it names them. Names
 * only: nothing of what is in them.
 */
export async function emptiedFiles(
  reading: ShellReading | undefined,
  world: Pick<ToolWorld, "files" | "secretFiles">,
  cwd: string,
): Promise<readonly string[]> {
  const { secretFiles, files } = world
  if (secretFiles === undefined || reading === undefined) return []
  const words = reading.commands.flatMap(({ argv, reads, cwd: at = cwd }) =>
    // `--env-file=.env` names it too.
    [...argv.slice(1), ...reads].flatMap((word) => wordsOf(word).map((name) => ({ name, path: resolve(at, name) }))),
  )
  const byPath = new Map(
    words
      .slice(0, WORDS_MAX)
      .toReversed()
      .map(({ name, path }) => [path, name]),
  )
  const found = await Promise.all([...byPath].map(async ([path, name]) => ((await isHeld(path)) ? [name] : [])))
  return found.flat().toReversed()

  async function isHeld(path: string): Promise<boolean> {
    try {
      if ((await files.stat(path))?.kind !== "file") return false
      return secretFiles?.reasonFor(await files.resolve(path)) !== undefined
    } catch (error) {
      // What cannot be looked at is no file that a command would have read.
      if (error instanceof ToolFailure) return false
      throw error
    }
  }
}

function wordsOf(word: string | undefined): readonly string[] {
  if (word === undefined || word === "" || word.includes("\0")) return []
  const value = /^-[^=]*=(.+)$/s.exec(word)?.[1]
  return value === undefined ? (word.startsWith("-") ? [] : [word]) : [value]
}
