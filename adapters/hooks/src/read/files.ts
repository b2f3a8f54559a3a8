import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from "node:fs"
import { isWithin } from "@skein/protocol"
import { asObject, type Json } from "@skein/protocol/json"
import type { Flaw } from "../row.ts"
import { sha256Of } from "./rows.ts"

const BYTES_MAX = 1_000_000

/** A settings file as it is now. */
export type FileFound =
  | { readonly kind: "none" }
  | { readonly kind: "flaw"; readonly flaw: Flaw }
  | { readonly kind: "file"; readonly value: Json; readonly sha256: string }

/**
 * What a file says, parsed as trust parses it. Never waits and never reads more than a megabyte; one of a project is not read
 * behind a link that leads out of it.
 */
export function readFile(file: string, within: string | undefined): FileFound {
  const flaw = (why: string): FileFound => ({ kind: "flaw", flaw: { file, place: "", why } })
  try {
    const real = realpathSync(file)
    if (within !== undefined && !isWithin(real, within))
      return flaw("It is a link out of the project, so it is not read.")
    const fd = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile()) return flaw("It is no regular file.")
      if (stats.size > BYTES_MAX) return flaw("It is larger than 1 MB.")
      return parsed(file, readFileSync(fd))
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error
    return error.code === "ENOENT" || error.code === "ENOTDIR"
      ? { kind: "none" }
      : flaw(`It cannot be read: ${error.message}.`)
  }
}

/** What tells whether a file is still the one that was read; empty where there is none. */
export function stampOf(file: string): string {
  try {
    const stats = statSync(file, { throwIfNoEntry: false })
    return stats === undefined ? "" : `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`
  } catch (error) {
    if (error instanceof Error && "code" in error) return String(error.code)
    throw error
  }
}

function parsed(file: string, bytes: Uint8Array): FileFound {
  const text = new TextDecoder().decode(bytes)
  const form = file.endsWith(".toml") ? "TOML" : "JSON"
  const flaw = (why: string): FileFound => ({ kind: "flaw", flaw: { file, place: "", why } })
  if (text.trim() === "") return { kind: "file", value: {}, sha256: sha256Of(bytes) }
  try {
    const said: unknown = form === "TOML" ? Bun.TOML.parse(text) : Bun.JSONC.parse(text.replace(/^\u{feff}/u, ""))
    const value = asObject(said)
    return value === undefined ? flaw("Expected an object.") : { kind: "file", value, sha256: sha256Of(bytes) }
  } catch (error) {
    // Bun throws its own kinds of errors here, with the place in their message.
    return flaw(`It is no ${form}: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`)
  }
}
