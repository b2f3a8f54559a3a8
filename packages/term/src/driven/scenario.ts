import { charactersOf } from "../emulator/characters.ts"
import type { Shown } from "../emulator/picture.ts"
import { type Evidence, percentilesOf, type StepEvidence } from "./evidence.ts"
import { type Expected, type Finding, findingsOf } from "./findings.ts"
import { type Driven, drive, type Launch } from "./program.ts"
import { type Recording, stretchesOf } from "./recording.ts"
import { keptOf } from "./replay.ts"
import type { Step } from "./steps.ts"

/** A program, and what a person does with it, step by step. */
export interface Scenario extends Launch {
  readonly steps: readonly Step[]
  /** Of all steps together; what is left of them then is not done. */
  readonly durationMsMax: number
  readonly isFullScreen?: boolean
  /** After the first submitted line the rest is left out. */
  readonly endsAfterSubmit?: boolean
  /** How long it may take to end, once it is left; five seconds when absent. */
  readonly leaveMsMax?: number | undefined
  /** Called at each snapshot, with the cells as they are then. */
  readonly onSnapshot?: ((name: string, shown: Shown) => void) | undefined
}

/** What came of a scenario. */
export interface Played {
  readonly evidence: Evidence
  readonly recording: Recording
}

const PAINT_MS = 10_000
const ECHO_MS = 1_000
const EXPECT_MS = 15_000
const RESIZE_MS = 300
/** A hang guard: whoever is asked to end does so in some milliseconds. */
const LEAVE_MS = 5_000

/** Does the steps one after the other, until one fails, and says what was seen. The program is ended afterwards. */
export async function playScenario(scenario: Scenario): Promise<Played> {
  const driven = drive(scenario)
  const steps: StepEvidence[] = []
  const latenciesMs: number[] = []
  const snapshots: Record<string, readonly string[]> = {}
  const paintMs = await painted(driven)
  for (const step of scenario.steps) {
    if (steps.some(({ status }) => status === "failed")) break
    const leftMs = scenario.durationMsMax - driven.now()
    if (leftMs <= 0) {
      steps.push({ step, status: "failed", reason: "the time was over", tookMs: 0, bytes: 0, frames: 0 })
      break
    }
    const from = { ms: driven.now(), entries: driven.recording.entries.length }
    const reason = await done(driven, step, Math.min(leftMs, EXPECT_MS), latenciesMs)
    if (step.kind === "snapshot") {
      snapshots[step.name] = driven.lines()
      scenario.onSnapshot?.(step.name, { cells: driven.cells(), size: driven.size, caret: driven.caret() })
    }
    const part = { size: scenario.size, entries: driven.recording.entries.slice(from.entries) }
    steps.push({
      step,
      ...(reason === undefined ? { status: "done" } : { status: "failed", reason }),
      tookMs: driven.now() - from.ms,
      ...amountOf(part),
    })
    if (scenario.endsAfterSubmit && step.kind === "line") break
  }
  const shown = { lines: driven.lines(), caret: driven.caret(), scrollback: driven.scrollback() }
  const screen = scenario.terminal === undefined ? { ...shown, entries: driven.recording.entries.length } : shown
  const exitCode = await leave(driven, scenario.leaveMsMax ?? LEAVE_MS)
  const isFullScreen = scenario.isFullScreen ?? false
  const expected: Expected = { isFullScreen, hasEnded: exitCode !== undefined }
  const findings = [
    ...findingsOf(driven.recording, expected),
    ...(exitCode === undefined ? [goesOn(driven.now())] : []),
  ]
  const isOk = paintMs !== undefined && findings.length === 0 && steps.every(({ status }) => status === "done")
  return {
    recording: driven.recording,
    evidence: {
      version: 1,
      isOk,
      size: scenario.size,
      isFullScreen,
      ...(paintMs === undefined ? {} : { paintMs }),
      ...(exitCode === undefined ? {} : { exitCode }),
      tookMs: driven.now(),
      steps,
      ...amountOf(driven.recording),
      largestFrameBytes: Math.max(0, ...stretchesOf(driven.recording).map(({ bytes }) => bytes.length)),
      latenciesMs,
      latency: percentilesOf(latenciesMs),
      findings,
      snapshots,
      screen,
      recording: keptOf(driven.recording),
    },
  }
}

/** Nothing when nothing was: then the evidence has no time of a first paint, and is not ok. */
async function painted(driven: Driven): Promise<number | undefined> {
  if (driven.text() === "") await driven.nextBytes(PAINT_MS)
  const endMs = driven.now() + PAINT_MS
  while (driven.text() === "" && driven.exitCode === undefined && driven.now() < endMs) await driven.nextBytes(100)
  return driven.text() === "" ? undefined : driven.now()
}

/** Why the step could not be done, or nothing when it was. */
async function done(driven: Driven, step: Step, leftMs: number, latenciesMs: number[]): Promise<string | undefined> {
  const press = async (send: () => void) => {
    const arrival = driven.nextBytes(ECHO_MS)
    send()
    await arrival
  }
  const typed = async (text: string) => {
    for (const character of charactersOf(text)) latenciesMs.push(await echoMs(driven, character))
  }
  try {
    if (HANDS.has(step.kind) && driven.exitCode !== undefined) return "it had ended"
    switch (step.kind) {
      case "line":
        await typed(step.text)
        await press(() => driven.press("enter"))
        return undefined
      case "type":
        await typed(step.text)
        return undefined
      case "key":
        await press(() => driven.press(step.chord))
        return undefined
      case "paste":
        await press(() => driven.paste(step.text))
        return undefined
      case "resize":
        driven.resize(step.size)
        await driven.nextBytes(RESIZE_MS)
        return undefined
      case "render":
        return (await driven.waitStable()) ? undefined : "it went on being painted"
      case "expect":
        await driven.waitFor(step.text, leftMs)
        return undefined
      case "absent":
        await driven.until((text) => !text.includes(step.text), `no ${JSON.stringify(step.text)}`, leftMs)
        return undefined
      case "wait":
        await Bun.sleep(Math.min(step.ms, leftMs))
        return undefined
      case "snapshot":
        return undefined
      case "exit": {
        const code = await Promise.race([driven.exited, Bun.sleep(leftMs).then(() => undefined)])
        return code === step.code ? undefined : `it ended with ${code ?? "nothing: it goes on"}`
      }
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** What needs somebody at the other end. */
const HANDS: ReadonlySet<Step["kind"]> = new Set(["line", "type", "key", "paste"])

/** Types a character, and waits until it is seen where it was typed. One that is not seen takes all the time there is. */
async function echoMs(driven: Driven, character: string): Promise<number> {
  const before = { caret: driven.caret(), count: countOf(driven, character) }
  const fromMs = driven.now()
  const isSeen = () => {
    const { row, column } = driven.caret()
    if (row === before.caret.row && column === before.caret.column) return false
    const cells = driven.cells()[row] ?? []
    const left = cells[column - 1]?.text === "" ? column - 2 : column - 1
    // At the right edge the caret may stand in the next row already.
    return cells[left]?.text === character || countOf(driven, character) > before.count
  }
  driven.type(character)
  return driven.until(isSeen, character, ECHO_MS).catch(() => driven.now() - fromMs)
}

function countOf(driven: Driven, character: string): number {
  return character === " " ? 0 : driven.text().split(character).length - 1
}

function goesOn(atMs: number): Finding {
  return { kind: "goes_on", atMs, detail: "it did not end at Ctrl+C" }
}

/** As a person leaves: Ctrl+C until it is gone. The code it ended with by itself. */
async function leave(driven: Driven, leaveMsMax: number): Promise<number | undefined> {
  const endMs = driven.now() + leaveMsMax
  while (driven.exitCode === undefined && driven.now() < endMs) {
    driven.press("ctrl+c")
    await Promise.race([driven.exited, Bun.sleep(150)])
  }
  const { exitCode } = driven
  await driven.close()
  return exitCode
}

function amountOf(recording: Recording): { readonly bytes: number; readonly frames: number } {
  const stretches = stretchesOf(recording)
  return {
    bytes: recording.entries.reduce((sum, entry) => sum + ("bytes" in entry ? entry.bytes.length : 0), 0),
    frames: stretches.filter(({ isFrame }) => isFrame).length,
  }
}
