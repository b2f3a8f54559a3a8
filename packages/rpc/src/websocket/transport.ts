import { randomBytes } from "node:crypto"
import type { Duplex } from "node:stream"
import { chunks, endSoon } from "../transports/lines.ts"
import { Outbox } from "../transports/outbox.ts"
import { MessageTooLong, type Transport, type TransportOptions } from "../transports/transport.ts"
import { closing, FrameReader, frame, WrongFrame } from "./frames.ts"

export interface SocketSide extends TransportOptions {
  readonly side: "client" | "server"
  /** Bytes that came with the handshake. */
  readonly head: Buffer
}

/** One message a text frame, over a socket whose handshake is done. */
export function webSocketTransport(socket: Duplex, { side, head, messageBytesMax, stallMs }: SocketSide): Transport {
  const outbox = new Outbox(socket, stallMs)
  const reader = new FrameReader({
    isMasked: side === "server",
    messageBytesMax: messageBytesMax ?? Number.POSITIVE_INFINITY,
  })
  const send = (kind: Parameters<typeof frame>[0], payload: Buffer) =>
    outbox.push(frame(kind, payload, side === "client" ? randomBytes(4) : undefined))
  const close = (status: number, why: string) => {
    send("close", closing(status, why))
    outbox.finish(() => endSoon(socket, socket))
  }
  async function* messages(): AsyncGenerator<string, void> {
    try {
      for await (const chunk of fromSocket(head, socket)) {
        for (const said of reader.push(chunk)) {
          if (said.kind === "close") return close(1000, "")
          if (said.kind === "text") yield said.text
          else {
            send("pong", said.payload)
            // Pings that are not taken back are not read on.
            await outbox.room()
          }
        }
      }
    } catch (error) {
      if (error instanceof MessageTooLong) {
        close(1009, error.message)
        return
      }
      if (!(error instanceof WrongFrame)) throw error
      close(error.status, error.message)
    }
  }
  return {
    messages: messages(),
    send: (message) => send("text", Buffer.from(message)),
    room: () => outbox.room(),
    close: () => close(1001, "This end leaves."),
  }
}

async function* fromSocket(head: Buffer, socket: Duplex): AsyncGenerator<Buffer, void> {
  if (head.length > 0) yield head
  yield* chunks(socket)
}
