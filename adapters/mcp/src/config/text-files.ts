import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from "node:fs"
import { asObject, type Json } from "@skein/protocol/json"

/** Settings files of this machine as objects, read again where they changed. */
export interface TextFiles {
  /** Undefined where there is none. A sentence where it cannot be read. */
  read(path: string): Json | string | undefined
}

/** Claude's own file holds its history too. */
const BYTES_MAX = 32 * 1024 * 1024

export function textFiles(): TextFiles {
  const known = new Map<string, { readonly print: string; readonly value: Json | string }>()
  return {
    read(path) {
      const print = printOf(path)
      if (print === undefined) return undefined
      const before = known.get(path)
      if (before?.print === print) return before.value
      const value = parsed(path)
      known.set(path, { print, value })
      return value
    },
  }
}

/** Undefined: nothing is there, or nothing that could be looked at. */
function printOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats === undefined ? undefined : `${stats.mtimeMs} ${stats.size} ${stats.ino}`
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}

function parsed(path: string): Json | string {
  try {
    const text = textOf(path)
    const value: unknown = path.endsWith(".toml")
      ? Bun.TOML.parse(text)
      : Bun.JSONC.parse(text.replace(/^\u{feff}/u, ""))
    return asObject(value) ?? `${path} holds no object.`
  } catch (error) {
    // Whatever the parser throws; what it says may hold words of the file, a secret among them.
    const code = error instanceof Error && "code" in error ? `: ${String(error.code)}` : ""
    return `${path} cannot be read${code}. Correct it, or move it away.`
  }
}

/** A device, a FIFO or a huge file in the place of one is refused and never waited for. */
function textOf(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile() || stats.size > BYTES_MAX) throw new Error("no file of settings")
    return readFileSync(fd, "utf8")
  } finally {
    closeSync(fd)
  }
}
