import { writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { type Evidence, playScenario, type Step, sizeOf, stepOf } from "@skein/term/driven"
import type { Flags } from "../../flags.ts"
import type { Io } from "../../io.ts"
import { UsageError } from "../../usage.ts"
import { keepPicture } from "./picture.ts"

/** Where and with which model the program is driven. */
export interface Stage {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Before the arguments that the flags stand for. */
  readonly args: readonly string[]
  /** When no steps were given. */
  readonly usualSteps: readonly string[]
}

const DURATION_MS = 60_000

/** This same program once more, in a terminal of its own; says what was seen. 0 when all of it was as it should be. */
export async function driveApp(flags: Flags, rest: readonly string[], io: Io, stage: Stage): Promise<number> {
  const given = flags.list("step")
  const steps = (given.length > 0 ? given : stage.usualSteps).map(parsed)
  const pictures = flags.text("pictures")
  const { evidence } = await playScenario({
    command: [...itself(), ...sessionWords(flags), ...stage.args, ...screenFlags(flags), ...rest],
    env: { ...stage.env, TERM: "xterm-256color", COLORTERM: "truecolor" },
    cwd: stage.cwd,
    size: said(() => sizeOf(`${flags.text("cols") ?? 100}x${flags.text("rows") ?? 30}`)),
    steps,
    durationMsMax: durationOf(flags.text("max-duration-ms")),
    endsAfterSubmit: flags.has("exit-after-submit"),
    ...(pictures === undefined
      ? {}
      : { onSnapshot: (name, shown) => void keepPicture(resolve(io.cwd, pictures), name, shown) }),
  })
  const out = flags.text("out")
  const json = JSON.stringify(evidence, null, 2)
  if (out !== undefined) writeFileSync(resolve(io.cwd, out), `${json}\n`)
  if (flags.has("json")) io.out(json)
  else for (const line of linesOf(evidence)) io.out(line)
  return evidence.isOk ? 0 : 1
}

/** The compiled program is one file; from its sources it is the runtime and its first file. */
function itself(): string[] {
  return Bun.main.startsWith("/$bunfs/") || Bun.main.startsWith("B:")
    ? [process.execPath]
    : [process.execPath, Bun.main]
}

function sessionWords(flags: Flags): string[] {
  if (flags.has("resume-last") && flags.has("fork-last")) {
    throw new UsageError("Either --resume-last or --fork-last, not both")
  }
  if (flags.has("resume-last")) return ["resume", "--last"]
  return flags.has("fork-last") ? ["fork", "--last"] : []
}

function screenFlags(flags: Flags): string[] {
  return flags.has("no-alt-screen") ? ["--no-alt-screen"] : []
}

function parsed(written: string): Step {
  return said(() => stepOf(written))
}

/** What was written wrongly on the command line is told as that. */
function said<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function durationOf(text: string | undefined): number {
  if (text === undefined) return DURATION_MS
  const ms = Number(text)
  if (!Number.isInteger(ms) || ms <= 0) throw new UsageError(`--max-duration-ms takes milliseconds, not ${text}`)
  return ms
}

function linesOf(evidence: Evidence): string[] {
  const { steps, findings, screen, latency, paintMs, frames, bytes, tookMs } = evidence
  return [
    ...steps.map(
      ({ step, status, reason }) =>
        `${status === "done" ? "✓" : "✗"} ${JSON.stringify(step)}${reason ? `  ${reason}` : ""}`,
    ),
    ...findings.map(({ kind, atMs, detail }) => `✗ ${kind} at ${atMs.toFixed(0)} ms: ${detail}`),
    "",
    ...screen.lines.map((line) => `  ${line}`.trimEnd()),
    "",
    `${evidence.isOk ? "ok" : "not ok"}: ${tookMs.toFixed(0)} ms, painted after ${paintMs?.toFixed(0) ?? "never"} ms, ${frames} frames, ${bytes} bytes, key to paint ${latency.p50.toFixed(1)} ms, at most ${latency.most.toFixed(1)}`,
  ]
}
