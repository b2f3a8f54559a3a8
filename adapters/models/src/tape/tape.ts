import { readFileSync } from "node:fs"
import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"

/** What is asked of the network, and all a model adapter needs of it. Told whose session asks, for the record of it. */
export type Fetch = (url: string, init?: RequestInit, about?: AskedFor) => Promise<Response>
export interface AskedFor {
  readonly sessionId?: string | undefined
}

/** Recorded exchanges with a provider, at the HTTP boundary. Plain JSON, made to be read and diffed. */
export interface Tape {
  readonly version: 1
  /** `live`: a provider answered. `scripted`: a local stand-in did; whoever shows a replay must say which. */
  readonly source: "live" | "scripted"
  /** For people: what was recorded, with which model, when. */
  readonly label: string
  /** In the order the requests were sent. */
  readonly exchanges: readonly Exchange[]
}

export interface Exchange {
  readonly request: RecordedRequest
  readonly response: RecordedResponse
}

/** Without headers and host: nothing in it says who asked. */
export interface RecordedRequest {
  readonly method: string
  /** Path and query, without key parameters. */
  readonly path: string
  readonly body: unknown
}

export type RecordedResponse =
  | {
      readonly kind: "answer"
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      /** Milliseconds after the request when the headers came. */
      readonly atMs: number
      readonly chunks: readonly Chunk[]
      /** False: the stream broke, or the reader went away, after the last chunk. */
      readonly isWhole: boolean
    }
  /** No answer came. */
  | { readonly kind: "failure"; readonly atMs: number; readonly message: string }

/** One network read, as text; as base64 when it was no UTF-8 by itself. `atMs` counts from the request. */
export type Chunk =
  | { readonly atMs: number; readonly text: string }
  | { readonly atMs: number; readonly base64: string }

/** Reads a tape. Throws SkeinError `config.invalid` when there is none, or it is something else. */
export function readTape(file: string): Tape {
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (cause) {
    throw new SkeinError("config.invalid", `Cannot read the cassette ${file}: it is not there, or is none.`, { cause })
  }
  return parseTape(text, file)
}

export function parseTape(text: string, name = "the tape"): Tape {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new SkeinError("config.invalid", `Cannot read ${name}: it is not JSON.`, { cause })
  }
  if (isTape(value)) return value
  throw new SkeinError("config.invalid", `Cannot read ${name}: it is no tape of version 1. Record it again.`)
}

function isTape(value: unknown): value is Tape {
  const tape = value as Partial<Tape> | null
  return typeof tape === "object" && tape !== null && tape.version === 1 && Array.isArray(tape.exchanges)
}

/** Puts the tape in place whole or not at all, readable by its owner alone. */
export async function writeTape(file: string, tape: Tape): Promise<void> {
  // Loaded here: a start that records nothing does not pay for it.
  const { mkdir, rename, rm, writeFile } = await import("node:fs/promises")
  const beside = `${file}.${crypto.randomUUID().slice(0, 8)}.tmp`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(beside, `${JSON.stringify(tape, null, 1)}\n`, { mode: 0o600 })
    await rename(beside, file)
  } catch (cause) {
    await rm(beside, { force: true })
    throw new SkeinError("config.invalid", `Cannot write the tape ${file}.`, { cause })
  }
}
