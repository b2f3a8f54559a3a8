import type { Artifact, ArtifactsPort, ArtifactWriter } from "@skein/core/ports"
import type { SessionId } from "@skein/protocol"

export interface OutputLimits {
  /** Kept for the model, half from the head and half from the tail. */
  readonly bytesMax: number
  /** Kept on disk when that is not all. */
  readonly artifactBytesMax: number
  readonly artifacts: ArtifactsPort
  /** Whose the output is. */
  readonly sessionId?: SessionId | undefined
  readonly onOutput?: ((bytes: number, preview: string) => void) | undefined
  readonly onBytes?: ((bytes: Uint8Array) => void) | undefined
}

export interface Collected {
  readonly output: string
  readonly bytes: number
  readonly artifact?: Artifact | undefined
}

export interface Collector {
  /** Resolves when the bytes are taken; the reader waits for it, so a flood is never held in memory. */
  add(chunk: Uint8Array): Promise<void>
  /** Once, at the end. */
  collect(): Promise<Collected>
}

const PROGRESS_MS = 50
const PREVIEW_BYTES = 2_000

/** Takes a command's output as it comes: its head and tail stay in memory, all of it goes to disk once it is too much. */
export function collector(limits: OutputLimits): Collector {
  const headMax = Math.floor(limits.bytesMax / 2)
  const head = new Uint8Array(headMax)
  const tail = tailOf(limits.bytesMax - headMax)
  const disk = spill(limits)
  const progress = throttled(limits.onOutput)
  let bytes = 0

  async function add(chunk: Uint8Array): Promise<void> {
    limits.onBytes?.(chunk)
    if (bytes + chunk.length > limits.bytesMax) {
      if (bytes <= limits.bytesMax) await disk.open([head.subarray(0, Math.min(bytes, headMax)), tail.bytes()])
      disk.write(chunk)
    }
    const toHead = chunk.subarray(0, Math.max(0, headMax - bytes))
    head.set(toHead, Math.min(bytes, headMax))
    tail.push(chunk.subarray(toHead.length))
    bytes += chunk.length
    progress.tell(bytes, () => newestLines(bytes <= headMax ? head.subarray(0, bytes) : tail.bytes()))
  }

  async function collect(): Promise<Collected> {
    progress.end()
    const kept = head.subarray(0, Math.min(bytes, headMax))
    if (bytes <= limits.bytesMax) return { output: decode(concat([kept, tail.bytes()])), bytes }
    const { artifact, note } = await disk.close()
    const start = cutEnd(kept)
    const end = cutStart(tail.bytes())
    const omitted = `[${(bytes - start.length - end.length).toLocaleString("en-US")} bytes left out${note}]`
    return { output: `${decode(start)}\n${omitted}\n${decode(end)}`, bytes, artifact }
  }
  return { add, collect }
}

function tailOf(bytesMax: number) {
  let chunks: Uint8Array[] = []
  let length = 0
  return {
    push(chunk: Uint8Array): void {
      if (chunk.length === 0) return
      chunks.push(chunk)
      length += chunk.length
      // Joined now and then, so that single bytes do not pile up as objects, nor slices keep large buffers alive.
      if (length > 4 * bytesMax + 65_536 || chunks.length > 256) this.bytes()
    },
    bytes(): Uint8Array {
      const all = concat(chunks)
      const newest = all.slice(Math.max(0, all.length - bytesMax))
      chunks = [newest]
      length = newest.length
      return newest
    },
  }
}

/** The artifact, opened when it is needed. A disk that is full costs the full output, never the command's result. */
function spill(limits: OutputLimits) {
  let writer: ArtifactWriter | undefined
  let written = 0
  let note = ""
  const attempt = (what: () => void) => {
    try {
      what()
    } catch (error) {
      note = `; they could not be kept: ${error instanceof Error ? error.message : String(error)}`
      writer = undefined
    }
  }
  return {
    async open(earlier: readonly Uint8Array[]): Promise<void> {
      const opened = await limits.artifacts
        .create("txt", limits.sessionId)
        .catch((error: unknown) => attempt(() => fail(error)))
      if (opened === undefined) return
      writer = opened
      for (const chunk of earlier) this.write(chunk)
    },
    write(chunk: Uint8Array): void {
      const part = chunk.subarray(0, Math.max(0, limits.artifactBytesMax - written))
      if (part.length < chunk.length)
        note = `; only the first ${limits.artifactBytesMax.toLocaleString("en-US")} were kept`
      written += part.length
      if (part.length > 0) attempt(() => writer?.write(part))
    },
    async close(): Promise<{ artifact: Artifact | undefined; note: string }> {
      const artifact = await writer?.close().catch((error: unknown) => attempt(() => fail(error)))
      return { artifact: artifact ?? undefined, note }
    },
  }
}

function fail(error: unknown): never {
  throw error
}

/** At once, then at most every 50 ms, and the newest state is always told in the end. */
function throttled(onOutput: OutputLimits["onOutput"]) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let pending: (() => void) | undefined
  const flush = () => {
    timer = undefined
    const tell = pending
    pending = undefined
    if (tell === undefined) return
    tell()
    timer = setTimeout(flush, PROGRESS_MS)
  }
  return {
    tell(bytes: number, preview: () => string): void {
      if (onOutput === undefined) return
      pending = () => onOutput(bytes, preview())
      if (timer === undefined) flush()
    },
    end(): void {
      clearTimeout(timer)
      pending?.()
      pending = undefined
    },
  }
}

function newestLines(bytes: Uint8Array): string {
  const end = cutStart(bytes.subarray(Math.max(0, bytes.length - PREVIEW_BYTES)))
  const text = decode(end)
  const firstLine = end.length < bytes.length ? text.indexOf("\n") + 1 : 0
  return text.slice(firstLine)
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

const decoder = new TextDecoder()

function decode(bytes: Uint8Array): string {
  return bytes.length === 0 ? "" : decoder.decode(bytes)
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80

/** Without the first bytes of a character that was cut off behind them. */
function cutEnd(bytes: Uint8Array): Uint8Array {
  let start = bytes.length - 1
  while (start > bytes.length - 4 && isContinuation(bytes[start])) start--
  const lead = bytes[start] ?? 0
  const width = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1
  return start + width > bytes.length ? bytes.subarray(0, start) : bytes
}

/** Without the last bytes of a character that was cut off before them. */
function cutStart(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < 3 && isContinuation(bytes[start])) start++
  return bytes.subarray(start)
}
