import { mkdir, rename, rm, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"
import { absent } from "./absent.ts"
import { type Asking, answered } from "./answered.ts"
import { roomFor, writing } from "./part.ts"

export interface Download extends Asking {
  /** Where the file goes when it is whole and right. Until then what came is beside it, under a name of its address and `.part`. */
  readonly file: string
  readonly onProgress: (bytes: number, bytesTotal: number | undefined) => void
  /** Looks at the whole file before it takes its place. Throws to refuse it. */
  readonly check: (file: string) => Promise<void>
  /** What is larger is refused. */
  readonly bytesMax?: number
}

/**
 * Gets a file: goes on where an earlier try was cut off, follows redirects as `answered` does, and puts the file in its
 * place in one step, once it is on the disk and has been checked. Throws SkeinError `provider.unavailable`; what came is
 * kept, unless it is of another file than the one that is there now.
 */
export async function download(wanted: Download): Promise<void> {
  const { url, file, check } = wanted
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  // Of this address alone: the beginning of one file and the end of another of its name would be neither.
  const part = `${file}.${Bun.CryptoHasher.hash("sha256", url, "hex").slice(0, 16)}.part`
  const had = (await stat(part).catch(absent))?.size ?? 0
  const response = await answered(wanted, had)
  if (!isAllThere(response, had)) await written(response, { ...wanted, part, had })
  await check(part)
  await rename(part, file)
}

/** The server says that nothing is behind what came. */
function isAllThere({ status, headers }: Response, had: number): boolean {
  const [, total] = /^bytes \*\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? []
  return status === 416 && (total === undefined || Number(total) === had)
}

interface Writing extends Download {
  readonly part: string
  readonly had: number
}

async function written(response: Response, { part, had, url, onProgress, ...wanted }: Writing): Promise<void> {
  // A server that does not go on where it was asked to sends all of it again.
  const isGoingOn = response.status === 206
  if (response.status === 416 || (isGoingOn && startOf(response) !== had)) {
    await rm(part, { force: true })
    throw cut(url, "has another file now than the one that was begun. The same command gets it from its beginning.")
  }
  const length = Number(response.headers.get("content-length") ?? Number.NaN)
  const before = isGoingOn ? had : 0
  const total = Number.isFinite(length) ? before + length : undefined
  const most = Math.min(total ?? Number.POSITIVE_INFINITY, wanted.bytesMax ?? Number.POSITIVE_INFINITY)
  if (total !== undefined && total > most) throw cut(url, `offers ${total} bytes, and at most ${most} were expected.`)
  await roomFor(part, (total ?? before) - before)
  await using file = await writing(part, before)
  let bytes = before
  for await (const piece of piecesOf(response, (cause) => cut(url, cutAfter(String(bytes)), cause))) {
    if (bytes + piece.length > most) throw cut(url, `sends more than the ${most} bytes that were expected.`)
    await file.write(piece)
    bytes += piece.length
    onProgress(bytes, total)
  }
  if (total !== undefined && bytes < total) throw cut(url, cutAfter(`${bytes} of ${total}`))
  await file.settle(bytes)
}

/** Where the bytes of a partial answer begin (RFC 9110 §14.4). */
function startOf({ headers }: Response): number | undefined {
  const [, start] = /^bytes (\d+)-\d+\/(?:\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? []
  return start === undefined ? undefined : Number(start)
}

async function* piecesOf({ body }: Response, failed: (cause: unknown) => SkeinError) {
  const reader = body?.getReader()
  try {
    for (;;) {
      const piece = await reader?.read().catch((cause: unknown) => {
        throw failed(cause)
      })
      if (piece === undefined || piece.done) return
      yield piece.value
    }
  } finally {
    // What is not read any more is not sent any more either; a stream that failed says so again, and was heard.
    await reader?.cancel().catch(() => undefined)
  }
}

function cutAfter(bytes: string): string {
  return `was cut off after ${bytes} bytes. The same command goes on from there.`
}

function cut(url: string, what: string, cause?: unknown): SkeinError {
  return new SkeinError("provider.unavailable", `${new URL(url).host} ${what}`, cause === undefined ? {} : { cause })
}
