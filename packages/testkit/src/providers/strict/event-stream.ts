/** One message of Amazon's binary event stream: lengths, their checksum, headers, payload, the checksum of all. */
export function eventMessage(headers: Readonly<Record<string, string>>, payload: unknown): Uint8Array {
  const head = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const bytes = Buffer.from(value)
      const size = Buffer.alloc(2)
      size.writeUInt16BE(bytes.length)
      // Type 7 is a text.
      return Buffer.concat([Buffer.of(Buffer.byteLength(name)), Buffer.from(name), Buffer.of(7), size, bytes])
    }),
  )
  const body = Buffer.from(JSON.stringify(payload))
  const prelude = Buffer.alloc(8)
  prelude.writeUInt32BE(16 + head.length + body.length, 0)
  prelude.writeUInt32BE(head.length, 4)
  const first = Buffer.concat([prelude, crc(prelude), head, body])
  return Buffer.concat([first, crc(first)])
}

function crc(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(Bun.hash.crc32(bytes))
  return sum
}

/** An event of a Converse stream. */
export function converseEvent(type: string, payload: unknown): Uint8Array {
  return eventMessage({ ":event-type": type, ":content-type": "application/json", ":message-type": "event" }, payload)
}

/** An error inside a stream that had begun. */
export function converseException(type: string, message: string): Uint8Array {
  return eventMessage(
    { ":exception-type": type, ":content-type": "application/json", ":message-type": "exception" },
    { message },
  )
}
