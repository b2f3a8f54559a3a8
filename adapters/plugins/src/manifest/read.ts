import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs"
import { join } from "node:path"
import { isWithin } from "@skein/protocol"
import { type Flaw, isValues, type Values } from "./checks.ts"
import { FORMS, type Form } from "./forms.ts"

/** A manifest as it stands in a folder, with what is wrong with it. */
export interface FoundManifest {
  readonly form: Form
  /** Undefined when it cannot be read as an object. */
  readonly value?: Values | undefined
  readonly flaws: readonly Flaw[]
}

/** Manifests say little; one that lists the hashes of thousands of files is the longest. */
export const MANIFEST_BYTES_MAX = 1_000_000

/** Every manifest of a folder, the nearest to skein first. Reads nothing else. */
export function manifestsIn(root: string): readonly FoundManifest[] {
  return FORMS.flatMap((form) => {
    const read = jsonAt(root, form.file)
    if (read === undefined) return []
    if ("why" in read) return [{ form, flaws: [{ place: "", why: read.why, isError: true }] }]
    return [{ form, ...checkedBy(form, read.value) }]
  })
}

export function checkedBy(form: Form, value: unknown): Pick<FoundManifest, "value" | "flaws"> {
  const flaws = form.members(value, "")
  if (!isValues(value)) return { flaws }
  const missing = form.required.filter((key) => value[key] === undefined)
  return { value, flaws: [...missing.map((place) => ({ place, why: "It is missing.", isError: true })), ...flaws] }
}

/** What a JSON file of a plugin says, or why it cannot be known; undefined when it is not there. Never follows a link out. */
export function jsonAt(
  root: string,
  file: string,
  bytesMax = MANIFEST_BYTES_MAX,
): { readonly value: unknown } | { readonly why: string } | undefined {
  const path = insideOf(root, file)
  if (path === undefined) return undefined
  if (path === "outside") return { why: "It is a link out of the plugin." }
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const { size, isFile } = factsOf(fd)
    if (!isFile) return { why: "It is no file." }
    if (size > bytesMax) return { why: `It has ${size} bytes; ${bytesMax} is the most.` }
    const bytes = new Uint8Array(size)
    const length = readSync(fd, bytes, 0, size, 0)
    return parsed(new TextDecoder().decode(bytes.subarray(0, length)))
  } finally {
    closeSync(fd)
  }
}

/** The real path of something of a plugin; undefined when it is not there. */
export function insideOf(root: string, path: string): string | "outside" | undefined {
  try {
    const real = realpathSync(join(root, path))
    return isWithin(real, realpathSync(root)) ? real : "outside"
  } catch (cause) {
    if (cause instanceof Error && "code" in cause) return undefined
    throw cause
  }
}

function factsOf(fd: number): { readonly size: number; readonly isFile: boolean } {
  const stats = fstatSync(fd)
  return { size: stats.size, isFile: stats.isFile() }
}

export function parsed(text: string): { readonly value: unknown } | { readonly why: string } {
  try {
    return { value: JSON.parse(text.replace(/^\u{feff}/u, "")) }
  } catch (cause) {
    if (cause instanceof SyntaxError) return { why: `It is no JSON: ${cause.message.slice(0, 200)}` }
    if (cause instanceof RangeError) return { why: "It is nested too deeply." }
    throw cause
  }
}
