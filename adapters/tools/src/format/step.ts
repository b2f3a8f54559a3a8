import { basename, dirname, relative } from "node:path"
import { type RunContext, ToolFailure } from "@skein/core/ports"
import { isWithin, SkeinError } from "@skein/protocol"
import type { ToolWorld } from "../define.ts"
import type { AfterChange, Rewritten } from "../files/after-step.ts"
import { decodeText } from "../files/text.ts"
import { type Chosen, formattersFor } from "./choose.ts"

/**
 * Brings changed files into the form that their project has set up. Programs run confined and without network, or not at
 * all: they may be the project's own. One that is not there is passed over in silence.
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
  let mayRun: boolean | undefined
  for (const path of paths) {
    const root = context.roots.find((one) => isWithin(path, one))
    if (root === undefined || context.signal.aborted) continue
    const chosen = await formattersFor(path, root, wanted === true, world.files)
    if (chosen.length === 0) continue
    mayRun ??= await isHeldAndTrusted(world, context)
    const done = mayRun ? await formatted(path, chosen, world, context) : undefined
    if (done?.kind === "rewritten") rewritten.push({ path, by: done.by })
    if (done?.kind === "failed") notes.push(failureNote(relative(context.cwd, path), done))
  }
  return { rewritten, notes }
}

type Done =
  | { readonly kind: "rewritten" | "same"; readonly by: string }
  | { readonly kind: "failed"; readonly by: string; readonly how: string }

async function isHeldAndTrusted({ exec, format }: ToolWorld, { cwd, layer }: RunContext): Promise<boolean> {
  const isHeld = layer !== undefined || (await exec.confinement("workspace-write")).kind === "confined"
  return isHeld && (await format?.isTrusted(cwd)) === true
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
