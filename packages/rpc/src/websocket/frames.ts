import { MessageTooLong } from "../transports/transport.ts"

/** What the far end of a WebSocket said: RFC 6455, text messages only. */
export type Said =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "ping"; readonly payload: Buffer }
  | { readonly kind: "close" }

/** Not RFC 6455, or more of it than is spoken here. `status` is what a close frame says of it. */
export class WrongFrame extends Error {
  override readonly name = "WrongFrame"
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface FrameRules {
  /** A client's frames are masked, a server's are not. */
  readonly isMasked: boolean
  /** Bytes of one message, all its frames together. */
  readonly messageBytesMax: number
}

const [CONTINUATION, TEXT, CLOSE, PING, PONG] = [0x0, 0x1, 0x8, 0x9, 0xa]

/** Reads frames out of bytes as they come, however they are cut. */
export class FrameReader {
  readonly #rules: FrameRules
  #pieces: Buffer[] = []
  #bytes = 0
  /** Of a message that came in several frames. */
  #parts: Buffer[] | undefined
  #partBytes = 0

  constructor(rules: FrameRules) {
    this.#rules = rules
  }

  /** Everything that is whole now. Throws WrongFrame and MessageTooLong. */
  *push(chunk: Buffer): Generator<Said, void> {
    this.#pieces.push(chunk)
    this.#bytes += chunk.length
    for (let frame = this.#frame(); frame !== undefined; frame = this.#frame()) {
      const said = this.#said(frame)
      if (said !== undefined) yield said
    }
  }

  /** One frame, once all of it is there. */
  #frame(): Frame | undefined {
    if (this.#bytes < 2) return undefined
    const head = this.#peek(Math.min(this.#bytes, HEAD_BYTES_MAX))
    const [first = 0, second = 0] = head
    const isMasked = (second & 0x80) !== 0
    const short = second & 0x7f
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0
    const headBytes = 2 + lengthBytes + (isMasked ? 4 : 0)
    if ((first & 0x70) !== 0) throw new WrongFrame(1002, "No extension was agreed on.")
    if (isMasked !== this.#rules.isMasked) throw new WrongFrame(1002, "Masked on the wrong side.")
    if (head.length < headBytes) return undefined
    const length =
      lengthBytes === 0 ? short : lengthBytes === 2 ? head.readUInt16BE(2) : Number(head.readBigUInt64BE(2))
    const opcode = first & 0x0f
    const isFinal = (first & 0x80) !== 0
    if (opcode >= CLOSE && (length > 125 || !isFinal)) throw new WrongFrame(1002, "A control frame is short and whole.")
    // Before it has come: nothing of a message that is refused is kept.
    if (length + this.#partBytes > this.#rules.messageBytesMax) throw new MessageTooLong(this.#rules.messageBytesMax)
    if (this.#bytes < headBytes + length) return undefined
    const whole = this.#take(headBytes + length)
    const payload = whole.subarray(headBytes)
    if (isMasked) unmask(payload, whole.subarray(headBytes - 4, headBytes))
    return { opcode, isFinal, payload }
  }

  #said({ opcode, isFinal, payload }: Frame): Said | undefined {
    if (opcode === PING) return { kind: "ping", payload }
    if (opcode === PONG) return undefined
    if (opcode === CLOSE) return { kind: "close" }
    if (opcode !== TEXT && opcode !== CONTINUATION) throw new WrongFrame(1003, "Messages are text here.")
    if ((opcode === CONTINUATION) !== (this.#parts !== undefined)) throw new WrongFrame(1002, "Frames out of order.")
    const parts = this.#parts ?? []
    parts.push(payload)
    if (!isFinal) {
      this.#parts = parts
      // With its own head: frames of nothing are not without end either.
      this.#partBytes += payload.length + FRAME_BYTES
      return undefined
    }
    this.#parts = undefined
    this.#partBytes = 0
    return { kind: "text", text: textOf(parts) }
  }

  #peek(count: number): Buffer {
    const [first] = this.#pieces
    if (first !== undefined && first.length >= count) return first.subarray(0, count)
    this.#pieces = [Buffer.concat(this.#pieces)]
    return this.#pieces[0]?.subarray(0, count) ?? Buffer.alloc(0)
  }

  #take(count: number): Buffer {
    const all =
      this.#pieces.length === 1 && this.#pieces[0] !== undefined ? this.#pieces[0] : Buffer.concat(this.#pieces)
    // A copy, as unmasking writes into it.
    const taken = Buffer.from(all.subarray(0, count))
    const rest = all.subarray(count)
    this.#pieces = rest.length === 0 ? [] : [rest]
    this.#bytes -= count
    return taken
  }
}

interface Frame {
  readonly opcode: number
  readonly isFinal: boolean
  readonly payload: Buffer
}

const HEAD_BYTES_MAX = 14
/** What a frame that waits for its message takes beside its bytes. */
const FRAME_BYTES = 64

function unmask(payload: Buffer, key: Buffer): void {
  for (let at = 0; at < payload.length; at++) payload[at] = (payload[at] ?? 0) ^ (key[at & 3] ?? 0)
}

function textOf(parts: readonly Buffer[]): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts))
  } catch {
    throw new WrongFrame(1007, "A text is UTF-8.")
  }
}

/** One frame of ours, with its message whole. A client's is masked with four bytes of `mask`. */
export function frame(kind: "text" | "ping" | "pong" | "close", payload: Buffer, mask: Buffer | undefined): Buffer {
  const opcode = { text: TEXT, ping: PING, pong: PONG, close: CLOSE }[kind]
  const { length } = payload
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const head = Buffer.alloc(2 + lengthBytes)
  head[0] = 0x80 | opcode
  head[1] = (mask === undefined ? 0 : 0x80) | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127)
  if (lengthBytes === 2) head.writeUInt16BE(length, 2)
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(length), 2)
  if (mask === undefined) return Buffer.concat([head, payload])
  const masked = Buffer.from(payload)
  unmask(masked, mask)
  return Buffer.concat([head, mask, masked])
}

/** What a close frame says: a status, and a sentence. */
export function closing(status: number, why: string): Buffer {
  const payload = Buffer.alloc(2)
  payload.writeUInt16BE(status, 0)
  return Buffer.concat([payload, Buffer.from(why).subarray(0, 120)])
}
