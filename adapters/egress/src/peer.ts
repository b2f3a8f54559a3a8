import type { Socket, SocketHandler } from "bun"

/** One end of a connection. Bytes are taken when they are wanted: what nobody reads stays with whoever sends it. */
export interface Peer {
  /** The next bytes; undefined when the other end has said all, or is gone. */
  read(): Promise<Uint8Array | undefined>
  /** Puts bytes back, to be read next. */
  unread(bytes: Uint8Array): void
  /** Resolves when the system has taken them; false when the other end is gone. One at a time. */
  write(bytes: Uint8Array | string): Promise<boolean>
  /** Says that nothing more comes, and still listens. */
  finish(): void
  /** Ends it; what was written still arrives. May be called twice. */
  end(): void
  /** Ends it at once, whatever is on its way. May be called twice. */
  destroy(): void
  /** Resolves when it is over. */
  readonly gone: Promise<void>
}

/** What a socket tells its peer. */
export interface PeerEvents {
  data(bytes: Uint8Array): void
  end(): void
  drain(): void
  close(): void
}

/** Bytes that wait for their reader before the sender is told to wait. */
const WAITING_BYTES_MAX = 256 * 1024

/** The same handlers for every socket; `socket.data` is its peer's events, set when it opens. */
export function handlers(open: (socket: Socket<PeerEvents>) => void): SocketHandler<PeerEvents> {
  return {
    open,
    data: (socket, bytes) => socket.data.data(bytes),
    drain: (socket) => socket.data.drain(),
    end: (socket) => socket.data.end(),
    close: (socket) => socket.data?.close(),
    error: (socket) => socket.data?.close(),
  }
}

export function peerOn(socket: Socket<PeerEvents>): Peer {
  const waiting: Uint8Array[] = []
  const gone = Promise.withResolvers<void>()
  let bytesWaiting = 0
  let isPaused = false
  let hasEnded = false
  let isGone = false
  let reader: ((bytes: Uint8Array | undefined) => void) | undefined
  let unsent: { bytes: Uint8Array; readonly sent: (isThere: boolean) => void } | undefined

  function wake(): void {
    if (reader === undefined || (waiting.length === 0 && !hasEnded)) return
    const resolve = reader
    reader = undefined
    resolve(next())
  }
  function next(): Uint8Array | undefined {
    const bytes = waiting.shift()
    bytesWaiting -= bytes?.length ?? 0
    if (isPaused && bytesWaiting < WAITING_BYTES_MAX) {
      isPaused = false
      socket.resume()
    }
    return bytes
  }
  function over(): void {
    hasEnded = true
    isGone = true
    unsent?.sent(false)
    unsent = undefined
    gone.resolve()
    wake()
  }
  socket.data = {
    data(bytes) {
      waiting.push(bytes)
      bytesWaiting += bytes.length
      if (!isPaused && bytesWaiting >= WAITING_BYTES_MAX) {
        isPaused = true
        socket.pause()
      }
      wake()
    },
    end() {
      hasEnded = true
      wake()
    },
    drain() {
      if (unsent === undefined) return
      const { bytes, sent } = unsent
      const taken = socket.write(bytes)
      if (taken < bytes.length) {
        unsent.bytes = bytes.subarray(Math.max(taken, 0))
        return
      }
      unsent = undefined
      sent(true)
    },
    close: over,
  }
  return {
    gone: gone.promise,
    read() {
      if (waiting.length > 0 || hasEnded) return Promise.resolve(next())
      return new Promise((resolve) => {
        reader = resolve
      })
    },
    unread(bytes) {
      if (bytes.length === 0) return
      waiting.unshift(bytes)
      bytesWaiting += bytes.length
    },
    write(given) {
      if (isGone) return Promise.resolve(false)
      const bytes = typeof given === "string" ? Buffer.from(given, "latin1") : given
      const taken = socket.write(bytes)
      if (taken >= bytes.length) return Promise.resolve(true)
      return new Promise((sent) => {
        unsent = { bytes: bytes.subarray(Math.max(taken, 0)), sent }
      })
    },
    finish() {
      if (!isGone) socket.shutdown()
    },
    end() {
      if (!isGone) socket.end()
      over()
    },
    destroy() {
      if (!isGone) socket.terminate()
      over()
    },
  }
}
