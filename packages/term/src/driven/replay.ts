import { emulator } from "../emulator/emulator.ts"
import type { Size } from "../frame.ts"
import { type Finding, findingsOf } from "./findings.ts"
import { bytesOf, type Entry, type Recording, stretchesOf } from "./recording.ts"

/** A recording as it is kept in a file: bytes in base64. */
export interface KeptRecording {
  readonly size: Size
  readonly entries: readonly KeptEntry[]
}

type KeptEntry = { readonly atMs: number; readonly base64: string } | { readonly atMs: number; readonly size: Size }

export function keptOf({ size, entries }: Recording): KeptRecording {
  return { size, entries: entries.map((entry) => ("bytes" in entry ? kept(entry.atMs, entry.bytes) : entry)) }
}

function kept(atMs: number, bytes: Uint8Array): KeptEntry {
  return { atMs, base64: Buffer.from(bytes).toString("base64") }
}

/** What is said of a recording that is kept beside it. */
export interface Said {
  readonly recording: KeptRecording
  readonly isFullScreen: boolean
  readonly exitCode?: number
  readonly bytes: number
  readonly frames: number
  readonly largestFrameBytes: number
  readonly findings: readonly Finding[]
  readonly screen: { readonly lines: readonly string[]; readonly entries?: number }
}

/** What evidence says that its own recording does not. */
export function contradicted(evidence: Said): string[] {
  const recording = recordingOf(evidence.recording)
  const stretches = stretchesOf(recording)
  const { isFullScreen, exitCode, screen } = evidence
  const findings = findingsOf(recording, { isFullScreen, hasEnded: exitCode !== undefined })
  const told = evidence.findings.filter(({ kind }) => kind !== "goes_on")
  const facts: readonly (readonly [what: string, said: unknown, recorded: unknown])[] = [
    ["bytes", evidence.bytes, bytesOf(recording)],
    ["frames", evidence.frames, stretches.filter(({ isFrame }) => isFrame).length],
    ["the largest frame", evidence.largestFrameBytes, Math.max(0, ...stretches.map(({ bytes }) => bytes.length))],
    ["findings", told, findings],
    ...(screen.entries === undefined
      ? []
      : [["the screen", screen.lines, shownBy(recording, screen.entries)] as const]),
  ]
  return facts
    .filter(([, said, recorded]) => JSON.stringify(said) !== JSON.stringify(recorded))
    .map(([what]) => `Of ${what} the recording says otherwise.`)
}

function recordingOf({ size, entries }: KeptRecording): Recording {
  return {
    size,
    entries: entries.map(
      (entry): Entry =>
        "base64" in entry ? { atMs: entry.atMs, bytes: new Uint8Array(Buffer.from(entry.base64, "base64")) } : entry,
    ),
  }
}

function shownBy({ size, entries }: Recording, count: number): readonly string[] {
  const screen = emulator({ size })
  for (const entry of entries.slice(0, count)) {
    if ("bytes" in entry) screen.write(entry.bytes)
    else screen.resize(entry.size)
  }
  return screen.lines()
}
