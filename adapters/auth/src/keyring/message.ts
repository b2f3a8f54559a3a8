/** One message of D-Bus, as far as it is read: D-Bus Specification 0.43, "Message Format". */
export interface Reply {
  readonly size: number
  readonly type: number
  readonly replyTo: number | undefined
  readonly errorName: string | undefined
  readonly body: Buffer
  readonly isLittleEndian: boolean
}

const METHOD_CALL = 1
const ERROR = 3
const FIELD = { path: 1, interface: 2, member: 3, errorName: 4, replySerial: 5, destination: 6, signature: 8 } as const

interface MethodCall {
  readonly serial: number
  readonly destination: string
  readonly path: string
  readonly interface: string
  readonly member: string
  readonly texts: readonly string[]
}

/** What every client says first. */
export function hello(serial: number): Buffer {
  const bus = "org.freedesktop.DBus"
  return methodCall({
    serial,
    destination: bus,
    path: "/org/freedesktop/DBus",
    interface: bus,
    member: "Hello",
    texts: [],
  })
}

/** The bytes of a call whose arguments are all texts. */
export function methodCall(call: MethodCall): Buffer {
  const body = new Writer()
  for (const text of call.texts) body.text(text)
  const fields = new Writer()
  fields.field(FIELD.path, "o", call.path)
  fields.field(FIELD.interface, "s", call.interface)
  fields.field(FIELD.member, "s", call.member)
  fields.field(FIELD.destination, "s", call.destination)
  if (call.texts.length > 0) fields.field(FIELD.signature, "g", "s".repeat(call.texts.length))
  const head = new Writer()
  head.bytes("l".charCodeAt(0), METHOD_CALL, 0, 1)
  head.number(body.size)
  head.number(call.serial)
  head.number(fields.size)
  head.raw(fields.done())
  head.align(8)
  return Buffer.concat([head.done(), body.done()])
}

/** The first whole message of these bytes; undefined while it is not whole. */
export function readMessage(bytes: Buffer): Reply | undefined {
  if (bytes.length < 16) return undefined
  const isLittleEndian = bytes[0] === "l".charCodeAt(0)
  const number = (at: number) => (isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const bodyAt = aligned(16 + number(12), 8)
  const size = bodyAt + number(4)
  if (bytes.length < size) return undefined
  let replyTo: number | undefined
  let errorName: string | undefined
  for (let at = 16; at < 16 + number(12); ) {
    at = aligned(at, 8)
    const field = bytes[at]
    const signature = String.fromCharCode(bytes[at + 2] ?? 0)
    const valueAt = signature === "g" ? at + 4 : aligned(at + 4, 4)
    if (field === FIELD.replySerial) replyTo = number(valueAt)
    if (signature === "u") at = valueAt + 4
    else {
      const length = signature === "g" ? (bytes[valueAt] ?? 0) : number(valueAt)
      const textAt = valueAt + (signature === "g" ? 1 : 4)
      if (field === FIELD.errorName) errorName = bytes.toString("utf8", textAt, textAt + length)
      at = textAt + length + 1
    }
  }
  return { size, type: bytes[1] ?? 0, replyTo, errorName, body: bytes.subarray(bodyAt, size), isLittleEndian }
}

/** Name and words of a refusal; undefined for an answer. */
export function errorReply(reply: Reply): string | undefined {
  if (reply.type !== ERROR) return undefined
  return `${reply.errorName ?? "an error"}${reply.body.length > 4 ? `: ${textOf(reply)}` : ""}`
}

/** The body, when it is one text or path. */
export function textOf({ body, isLittleEndian }: Reply, at = 0): string {
  const length = isLittleEndian ? body.readUInt32LE(at) : body.readUInt32BE(at)
  return body.toString("utf8", at + 4, at + 4 + length)
}

/** The body, when it is a variant of a truth; undefined for any other. */
export function truthOf({ body, isLittleEndian }: Reply): boolean | undefined {
  if (body.length < 8 || body[0] !== 1 || body[1] !== "b".charCodeAt(0)) return undefined
  return (isLittleEndian ? body.readUInt32LE(4) : body.readUInt32BE(4)) === 1
}

function aligned(at: number, to: number): number {
  return Math.ceil(at / to) * to
}

class Writer {
  readonly #pieces: Buffer[] = []
  size = 0

  raw(bytes: Buffer): void {
    this.#pieces.push(bytes)
    this.size += bytes.length
  }
  bytes(...values: readonly number[]): void {
    this.raw(Buffer.from(values))
  }
  align(to: number): void {
    this.raw(Buffer.alloc(aligned(this.size, to) - this.size))
  }
  number(value: number): void {
    this.align(4)
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(value)
    this.raw(bytes)
  }
  text(value: string): void {
    this.number(Buffer.byteLength(value))
    this.raw(Buffer.from(`${value}\0`))
  }
  field(code: number, signature: "o" | "s" | "g", value: string): void {
    this.align(8)
    this.bytes(code, 1, signature.charCodeAt(0), 0)
    if (signature === "g") this.raw(Buffer.from([value.length, ...Buffer.from(value), 0]))
    else this.text(value)
  }
  done(): Buffer {
    return Buffer.concat(this.#pieces)
  }
}
