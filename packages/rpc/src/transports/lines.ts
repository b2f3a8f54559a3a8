import type { Readable, Writable } from "node:stream"
import { Outbox } from "./outbox.ts"
import { MessageTooLong, type Transport, type TransportOptions } from "./transport.ts"

/** One message a line, over a pair of pipes or a socket, which is both. */
export function lineTransport(input: Readable, output: Writable, options: TransportOptions = {}): Transport {
  const outbox = new Outbox(output, options.stallMs)
  // Heard by whoever reads; an error that nobody hears would end the process.
  input.on("error", () => undefined)
  // Whoever takes nothing any more is not listened to either.
  output.once("close", () => input.destroy())
  return {
    messages: lines(input, options.messageBytesMax ?? Number.POSITIVE_INFINITY),
    send: (message) => outbox.push(`${message}\n`),
    room: () => outbox.room(),
    close: () => outbox.finish(() => endSoon(output, input)),
  }
}

async function* lines(input: Readable, bytesMax: number): AsyncGenerator<string, void> {
  let pieces: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks(input)) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...pieces, chunk.subarray(from, end)]).toString("utf8")
      ;[pieces, bytes, from] = [[], 0, end + 1]
      if (line.trim() !== "") yield line
    }
    const rest = chunk.subarray(from)
    bytes += rest.length
    if (bytes > bytesMax) throw new MessageTooLong(bytesMax)
    if (rest.length > 0) pieces.push(rest)
  }
  // A line that was cut off is no message.
}

const NEWLINE = 0x0a

/** What a stream gives until it ends, whether in order or not. */
export async function* chunks(input: Readable): AsyncGenerator<Buffer, void> {
  try {
    // Whoever stops reading may have something to say yet.
    for await (const chunk of input.iterator({ destroyOnReturn: false })) yield chunk as Buffer
  } catch {
    // Reset, destroyed, closed early: the far end is gone either way, and nobody could act on how.
  }
}

/** Ends an output that was handed its last bytes, and its input with it; by force where the far end does not take them. */
export function endSoon(output: Writable, input: Readable): void {
  const force = () => {
    input.destroy()
    output.destroy()
  }
  const late = setTimeout(force, FORCE_MS)
  late.unref()
  output.end(() => {
    clearTimeout(late)
    force()
  })
}

const FORCE_MS = 1_000
