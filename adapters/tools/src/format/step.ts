import { basename, dirname, relative } from "node:path"
import { type RunContext, ToolFailure } from "@skein/core/ports"
import { isWithin, SkeinError } from "@skein/protocol"
import type { ToolWorld } from "../define.ts"
import type { AfterChange, Rewritten } from "../files/after-step.ts"
import { decodeText } from "../files/text.ts"
import { type Chosen, formattersFor } from "./choose.ts"

/** A change of very many files is not held up by as many programs. */
const FILES_MAX = 20
const ALL_MS_MAX = 30_000

/**
 * Brings changed files into the form that their project has set up. Programs run confined and without network, or not at
 * all; those that lie in the project where it is trusted. One that is not there is passed over in silence.
 */
export async function formatFiles(
  world: ToolWorld,
  context: RunContext,
  paths: readonly string[],
): Promise<Partial<AfterChange>> {
  const wanted = world.format?.wanted(context.cwd) ?? false
  if (wanted === false) return {}
  const rewritten: Rewritten[] = []
  const notes: string[] = []
  let allowed: Allowed | undefined
  const startedMs = performance.now()
  let count = 0
  for (const [index, path] of paths.entries()) {
    if (count === FILES_MAX || performance.now() - startedMs > ALL_MS_MAX) {
      notes.push(`${paths.length - index} more files were not formatted: too many at once.`)
      break
    }
    const root = context.roots.find((one) => isWithin(path, one))
    if (root === undefined || context.signal.aborted) continue
    const chosen = await formattersFor(path, root, wanted === true, world.files)
    if (chosen.length === 0) continue
    allowed ??= await allowedIn(world, context, wanted)
    const usable = chosen.filter(allowed)
    if (usable.length > 0) count += 1
    const done = await formatted(path, usable, world, context)
    if (done?.kind === "rewritten") rewritten.push({ path, by: done.by })
    if (done?.kind === "failed") notes.push(failureNote(relative(context.cwd, path), done))
  }
  return { rewritten, notes }
}

type Done =
  | { readonly kind: "rewritten" | "same"; readonly by: string }
  | { readonly kind: "failed"; readonly by: string; readonly how: string }

type Allowed = (chosen: Chosen) => boolean

/** Nothing runs that nothing holds. What lies in the project runs where the person trusted it, or set formatting on themselves. */
async function allowedIn(
  { exec, format }: ToolWorld,
  { cwd, layer }: RunContext,
  wanted: boolean | "auto",
): Promise<Allowed> {
  const isHeld = layer !== undefined || (await exec.confinement("workspace-write")).kind === "confined"
  if (!isHeld) return () => false
  const isTrusted = wanted === true || (await format?.isTrusted(cwd)) === true
  return ({ runsProject }) => isTrusted || !runsProject
}

const FILE_BYTES_MAX = 2_000_000

/** By the first that is installed; undefined when none is, or it is not a text that one could read. */
async function formatted(
  path: string,
  chosen: readonly Chosen[],
  world: ToolWorld,
  context: RunContext,
): Promise<Done | undefined> {
  const before = await contentOf(path, world)
  if (before === undefined) return undefined
  for (const one of chosen) {
    const result = await ran(one, path, world, context)
    if (result === undefined) return undefined
    if (result === MISSING) continue
    const by = one.formatter.name
    if (result !== 0) return { kind: "failed", by, how: result === null ? "was stopped" : `ended with ${result}` }
    return { kind: (await contentOf(path, world)) === before ? "same" : "rewritten", by }
  }
  return undefined
}

/** The hash of a UTF-8 text: formatters read nothing else. */
async function contentOf(path: string, { files }: ToolWorld): Promise<string | undefined> {
  try {
    const { bytes, sha256 } = await files.read(path, { bytesMax: FILE_BYTES_MAX })
    return decodeText(bytes)?.encoding === "utf8" ? sha256 : undefined
  } catch (error) {
    if (error instanceof ToolFailure) return undefined // gone or too large meanwhile: nothing to format
    throw error
  }
}

/** What a shell answers for a program that is not there; see POSIX, "Exit Status for Commands". */
const MISSING = 127
const TIMEOUT_MS = 10_000

/** Its exit code, null when it was stopped; undefined when nothing could be run. */
async function ran(
  { formatter, program }: Chosen,
  path: string,
  { exec }: ToolWorld,
  context: RunContext,
): Promise<number | null | undefined> {
  const { sessionId, callId, roots, signal, layer } = context
  try {
    const result = await exec.run({
      ...{ sessionId, callId, roots, signal, layer },
      command: ["sh", "-c", `${IS_THERE}${formatter.line}`, "format", `./${basename(path)}`, program],
      cwd: dirname(path),
      sandbox: "workspace-write",
      timeoutMs: TIMEOUT_MS,
      bytesMax: 1_000,
    })
    return result.exitCode
  } catch (error) {
    // The file is changed, whatever becomes of its form.
    if (signal.aborted || error instanceof SkeinError) return undefined
    throw error
  }
}

const IS_THERE = `command -v "$2" >/dev/null 2>&1 || exit ${MISSING}; `

function failureNote(shown: string, { by, how }: Extract<Done, { kind: "failed" }>): string {
  return `${by} could not format ${shown}: it ${how}. The file stays as it was written.`
}
