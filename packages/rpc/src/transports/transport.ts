/**
 * Whole messages between two ends, in their order, each a text that is JSON. What is not taken is not read on, and what the
 * far end does not take waits here in bounds: whoever sends much asks for `room` before.
 */
export interface Transport {
  /** What the far end says. Ends when it is gone or this end is closed; read by one reader. Throws nothing but MessageTooLong. */
  readonly messages: AsyncIterable<string>
  /** Sends one message. Once the far end is gone it does nothing. */
  send(message: string): void
  /** Resolves when little of what was sent still waits, and when the far end is gone. */
  room(): Promise<void>
  /** Sends what waits, then ends. */
  close(): void
}

/** A message beyond what one may have: the connection cannot be read on. */
export class MessageTooLong extends Error {
  override readonly name = "MessageTooLong"

  constructor(bytesMax: number) {
    super(`A message is longer than ${bytesMax} bytes.`)
  }
}

export interface TransportOptions {
  /** Bytes of one message from the far end; any number when left out. */
  readonly messageBytesMax?: number | undefined
  /** How long the far end may take nothing of what was sent, in milliseconds, before it counts as gone; for ever when left out. */
  readonly stallMs?: number | undefined
}
