import { lstat, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { isRefusal } from "./disk.ts"
import type { Machine } from "./machine.ts"
import { inPrivateFolder } from "./private-folder.ts"
import type { SystemPort } from "./system.ts"

/**
 * Lets the person write in `$VISUAL` or `$EDITOR`, which may have arguments, or where neither is set in the first of `EDITORS` that
 * is there. The text is in a file of its own that nobody else can read, and gone afterwards. The terminal must be theirs meanwhile.
 */
export async function edit(text: string, machine: Machine): ReturnType<SystemPort["edit"]> {
  const { env, home, programs } = machine
  const named = env.VISUAL?.trim() || env.EDITOR?.trim()
  const commands = named ? [commandWords(named, home)] : EDITORS
  try {
    return await inPrivateFolder(machine, async (folder) => {
      const file = join(folder, "prompt.md")
      await writeFile(file, text, { mode: 0o600, flag: "wx" })
      for (const [program = "", ...args] of commands) {
        const exitCode = await programs.attend([program, ...args, file])
        if (exitCode === undefined) continue
        if (exitCode !== 0) return { failure: `${program} ended with exit code ${exitCode}: the prompt is as it was.` }
        return await written(file)
      }
      if (named) return { failure: `There is no program ${commands[0]?.[0]}, which is your editor.` }
      return { failure: "There is no editor: set VISUAL or EDITOR, as in EDITOR=nano." }
    })
  } catch (error) {
    if (isRefusal(error)) return { failure: `There is no place for a private file: ${error.message}.` }
    throw error
  }
}

/** What git, crontab and others take when nobody chose: the one every system has, then the one beginners are given. */
const EDITORS = [["vi"], ["nano"]] as const

const BYTES_MAX = 4 * 1024 * 1024

async function written(file: string): ReturnType<SystemPort["edit"]> {
  const found = await lstat(file).catch((error: unknown) => {
    if (isRefusal(error)) return undefined
    throw error
  })
  if (found?.isFile() !== true) return { failure: "The editor left no file: the prompt is as it was." }
  if (found.size > BYTES_MAX) return { failure: `What the editor left is ${found.size} bytes, too much for a prompt.` }
  const text = await readFile(file, "utf8")
  // Editors end the last line; a prompt has none to end.
  return { text: text.replaceAll("\r\n", "\n").replace(/\n$/, "") }
}

/** The words of a command as a shell would part them, and nothing else that a shell does. `~/` is the home. */
export function commandWords(command: string, home: string): readonly string[] {
  const words = [...command.matchAll(/(?:[^\s'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|['"\\])+/g)]
  return words.map(([word]) => unquoted(word.startsWith("~/") ? `${home}${word.slice(1)}` : word))
}

function unquoted(word: string): string {
  return word.replace(/'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g, (_, single, double, one) => {
    return single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? one
  })
}
