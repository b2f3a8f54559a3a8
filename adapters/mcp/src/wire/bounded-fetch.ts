import { MESSAGE_BYTES_MAX } from "../process/message-lines.ts"

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** The same, with answers that end in an error where one message of them is more than we read. */
export function boundedFetch(
  through: (url: string, init?: RequestInit) => Promise<Response>,
  bytesMax = MESSAGE_BYTES_MAX,
): Fetch {
  return async (url, init) => {
    const response = await through(String(url), init)
    if (response.body === null) return response
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true
    const body = response.body.pipeThrough(isStream ? boundedEvents(bytesMax) : bounded(bytesMax))
    const { status, statusText, headers } = response
    const whole = new Response(body, { status, statusText, headers })
    // A response of our own making has no address, and whoever follows redirects needs it.
    return Object.defineProperties(whole, {
      url: { value: response.url },
      type: { value: response.type },
      redirected: { value: response.redirected },
    })
  }
}

function bounded(bytesMax: number): TransformStream<Uint8Array, Uint8Array> {
  let taken = 0
  return new TransformStream({
    transform(bytes, to) {
      taken += bytes.length
      if (taken > bytesMax) to.error(tooLong(bytesMax))
      else to.enqueue(bytes)
    },
  })
}

/** A stream may go on for ever; what it must not do is begin an event that has no end. */
function boundedEvents(bytesMax: number): TransformStream<Uint8Array, Uint8Array> {
  let taken = 0
  let isLineEmpty = true
  return new TransformStream({
    transform(bytes, to) {
      for (const byte of bytes) {
        taken++
        if (byte === RETURN) continue
        if (byte === NEWLINE && isLineEmpty) taken = 0
        isLineEmpty = byte === NEWLINE
      }
      if (taken > bytesMax) to.error(tooLong(bytesMax))
      else to.enqueue(bytes)
    },
  })
}

const NEWLINE = 0x0a
const RETURN = 0x0d

function tooLong(bytesMax: number): Error {
  return new Error(`The server sent a message of more than ${bytesMax / 1e6} MB.`)
}
