import { createWriteStream } from "node:fs"
import { mkdir, rename, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"
import { absent } from "./absent.ts"

/** The way out: what leaves through it is recorded. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface Download {
  readonly url: string
  /** Where the file goes when it is whole and right. Until then what came is beside it, under `.part`. */
  readonly file: string
  readonly through: Fetch
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number, bytesTotal: number | undefined) => void
  /** Looks at the whole file before it takes its place. Throws to refuse it. */
  readonly check: (file: string) => Promise<void>
}

const REDIRECTS_MAX = 5

/**
 * Gets a file: goes on where an earlier try was cut off, follows redirects to https or this machine alone, and puts the
 * file in its place in one step, once it has been checked. Throws SkeinError `provider.unavailable`; what came is kept.
 */
export async function download({ url, file, through, signal, onProgress, check }: Download): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const part = `${file}.part`
  const had = (await stat(part).catch(absent))?.size ?? 0
  const response = await answered(url, had, through, signal)
  const isWhole = response.status === 416 && had > 0
  if (!isWhole) await written(response, { part, had, url, onProgress })
  await check(part)
  await rename(part, file)
}

async function answered(url: string, had: number, through: Fetch, signal: AbortSignal): Promise<Response> {
  let address = url
  for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
    const headers = had > 0 ? { range: `bytes=${had}-` } : {}
    const response = await through(address, { headers, redirect: "manual", signal }).catch((cause: unknown) => {
      signal.throwIfAborted()
      throw unavailable(`${hostOf(address)} could not be reached (${wordsOf(cause)}). Is there a network?`, cause)
    })
    const next = response.headers.get("location")
    if (response.status < 300 || response.status >= 400 || next === null) return checked(response, address)
    const target = new URL(next, address)
    const isSafe = target.protocol === "https:" || target.hostname === "127.0.0.1" || target.hostname === "localhost"
    if (!isSafe) throw unavailable(`${hostOf(address)} leads to ${target.origin}, which is not https.`)
    address = target.href
  }
  throw unavailable(`${hostOf(url)} redirects without end.`)
}

function checked(response: Response, address: string): Response {
  if (response.ok || response.status === 416) return response
  const why = response.status === 404 ? "Is the name right?" : "Try again, or get the file by hand and add it."
  throw unavailable(`${hostOf(address)} answered HTTP ${response.status}. ${why}`)
}

interface Writing {
  readonly part: string
  readonly had: number
  readonly url: string
  readonly onProgress: Download["onProgress"]
}

async function written(response: Response, { part, had, url, onProgress }: Writing): Promise<void> {
  // A server that does not go on where it was asked to sends all of it again.
  const isGoingOn = response.status === 206
  const length = Number(response.headers.get("content-length") ?? Number.NaN)
  let bytes = isGoingOn ? had : 0
  const total = Number.isFinite(length) ? bytes + length : undefined
  const stream = createWriteStream(part, { flags: isGoingOn ? "a" : "w", mode: 0o600 })
  try {
    for await (const piece of response.body ?? []) {
      if (!stream.write(piece)) await new Promise((resume) => stream.once("drain", resume))
      bytes += piece.length
      onProgress(bytes, total)
    }
  } catch (cause) {
    throw unavailable(`${hostOf(url)} was cut off after ${bytes} bytes. The same command goes on from there.`, cause)
  } finally {
    await new Promise<void>((ended, failed) => stream.end((error?: Error | null) => (error ? failed(error) : ended())))
  }
  if (total !== undefined && bytes < total) {
    throw unavailable(
      `${hostOf(url)} was cut off after ${bytes} of ${total} bytes. The same command goes on from there.`,
    )
  }
}

function unavailable(text: string, cause?: unknown): SkeinError {
  return new SkeinError("provider.unavailable", text, cause === undefined ? {} : { cause })
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}

function wordsOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 200)
}
