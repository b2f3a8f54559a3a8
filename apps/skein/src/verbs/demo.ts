import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { EXIT } from "@skein/headless"
import { compose, type Host } from "@skein/host"
import { BLANK, draw } from "@skein/lines"
import { accepted, type Event, type SessionId, SkeinError } from "@skein/protocol"
import type { Io } from "../io.ts"
import { hostRequest } from "../session/request.ts"
import { interruptible } from "../session/signals.ts"
import type { Run } from "../verb.ts"
import { CASSETTE, PROMPT, TEST_COMMAND, writeProject } from "./demo-project.ts"

const MODEL = "anthropic/claude-sonnet-4-5"

/** The real agent on a real project, its model a replay: reads, searches, edits and runs the test until it passes. */
export const run: Run = async ({ flags, io }) => {
  const folder = mkdtempSync(join(tmpdir(), "skein-demo-"))
  const project = join(folder, "slug")
  mkdirSync(project)
  writeProject(project)
  const isConsented = flags.has("no-sandbox") || (await consents(io, project))
  try {
    const host = compose({
      ...hostRequest(flags, { ...io, cwd: project, env: offline(io) }, { mode: "auto" }),
      flags: { model: MODEL },
      isEphemeral: true,
      consent: isConsented ? "no-sandbox" : undefined,
      tape: { kind: "inline", text: CASSETTE, isLive: !flags.has("fast") },
    })
    try {
      return await play(host, io, project)
    } finally {
      await host.close()
    }
  } finally {
    if (flags.has("keep")) io.out(`\nThe project is in ${project}.`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

/** What the person's own settings say must not change a demo; where programs are must not be lost. */
function offline({ env }: Io): Record<string, string | undefined> {
  const { PATH, HOME, SHELL, TMPDIR, XDG_CACHE_HOME, SKEIN_HOME } = env
  return { PATH, HOME, SHELL, TMPDIR, XDG_CACHE_HOME, SKEIN_HOME }
}

/** Where there is no sandbox, the project's script runs unconfined only when the person says so. Asked once. */
async function consents(io: Io, project: string): Promise<boolean> {
  const host = compose({ ...hostRequest(NO_FLAGS, { ...io, cwd: project, env: offline(io) }), isEphemeral: true })
  const given = await host.exec.confinement("workspace-write").finally(() => host.close())
  if (given.kind !== "unavailable") return false
  io.err(`The demo runs a small test script, and there is no sandbox to run it in: ${given.reason}`)
  io.err(given.cure)
  if (!io.isInputTerminal) {
    throw new SkeinError(
      "sandbox.unavailable",
      "The demo stops here. Mend the sandbox, or run: skein demo --no-sandbox",
    )
  }
  io.err("Run the script without a sandbox, in a temporary folder? [y/N]")
  for await (const line of io.inputLines()) {
    if (/^y(es)?$/i.test(line.trim())) return true
    break
  }
  throw new SkeinError("sandbox.unavailable", "The demo stops here, as you said.")
}

const NO_FLAGS = { has: () => false, text: () => undefined, list: () => [] }

async function play(host: Host, io: Io, project: string): Promise<number> {
  const { label } = JSON.parse(CASSETTE) as { label: string }
  io.out("skein demo: a replay. The model's answers come from a cassette,")
  io.out(`${label}. Loop, tools, sandbox and tests are real.`)
  io.out(`\n› ${PROMPT}`)
  const receipt = await accepted(host.engine, { type: "session.create", cwd: project, isInteractive: false })
  const { signal, done } = interruptible(io)
  const diffs = await watch(host, receipt.sessionId, signal, io).finally(done)

  io.out("\nWhat changed:\n")
  for (const diff of diffs) io.out(diff.trimEnd())
  io.out(`\nThe tests, run once more by the demo itself (${TEST_COMMAND}):\n`)
  const result = await host.exec.run({
    command: TEST_COMMAND,
    cwd: project,
    sandbox: "workspace-write",
    roots: [project],
    timeoutMs: 30_000,
    signal,
    bytesMax: 10_000,
  })
  io.out(result.output.trimEnd())
  return result.exitCode === 0 ? EXIT.completed : EXIT.failed
}

/** Runs the turn, drawn as it streams; gives the diffs of what it changed. */
async function watch({ engine }: Host, sessionId: SessionId, signal: AbortSignal, io: Io): Promise<string[]> {
  const events = engine.events({ sessionId })[Symbol.asyncIterator]()
  const input = [{ type: "text", text: PROMPT }] as const
  await accepted(engine, { type: "turn.submit", sessionId, input, delivery: "start" })
  signal.addEventListener("abort", () => void engine.submit({ type: "turn.interrupt", sessionId }), { once: true })
  const diffs: string[] = []
  let drawn = BLANK
  for (let next = await events.next(); !next.done; next = await events.next()) {
    const event: Event = next.value
    const step = draw(event, drawn)
    drawn = step.drawn
    if (step.text !== "") io.text(step.text)
    if (event.type === "call.settled") diffs.push(...(event.changes ?? []).flatMap(({ diff }) => diff ?? []))
    if (event.type === "turn.ended") {
      if (event.outcome.kind === "completed") return diffs
      const why = event.outcome.kind === "interrupted" ? "it was interrupted" : event.outcome.message
      throw new SkeinError("internal.defect", `The demo did not come to its end: ${why}`)
    }
  }
  return diffs
}
