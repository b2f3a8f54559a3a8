import type { Socket } from "bun"

/** One request as it came over the wire. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
  /** Requests before it on this server. */
  readonly index: number
}

/** The answering side of one connection, byte by byte. */
export interface Answer {
  /** The head of a reply whose body is chunked, so that an early end can be told from a whole one. */
  head(status: number, headers?: Readonly<Record<string, string>>): Promise<void>
  /** A piece of that body, sent by itself. */
  piece(bytes: string | Uint8Array): Promise<void>
  /** The end of that body; the connection stays for the next request. */
  end(): Promise<void>
  /** Bytes as they are. */
  raw(bytes: string | Uint8Array): Promise<void>
  /** Closes in the middle, in order. */
  close(): void
  /** Closes in the middle with a reset. */
  reset(): void
  /** Resolves when the other side has gone. */
  readonly gone: Promise<void>
}

export type Handler = (request: Received, answer: Answer) => Promise<void> | void

export interface FaultServer {
  readonly port: number
  readonly url: string
  readonly requests: Received[]
  /** What a handler threw: a validator's complaint. */
  readonly complaints: string[]
  stop(): void
}

interface Line {
  received: Buffer
  isBusy: boolean
  waiting: { bytes: Uint8Array; done: () => void }[]
  readonly gone: PromiseWithResolvers<void>
}

/** An HTTP server on raw sockets: what is sent, and where it is cut, is the handler's affair. */
export function faultServer(handler: Handler): FaultServer {
  const requests: Received[] = []
  const complaints: string[] = []
  const listener = Bun.listen<Line>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(socket) {
        socket.data = { received: Buffer.alloc(0), isBusy: false, waiting: [], gone: Promise.withResolvers() }
      },
      data(socket, bytes) {
        socket.data.received = Buffer.concat([socket.data.received, bytes])
        take(socket)
      },
      drain: flush,
      close(socket) {
        socket.data.gone.resolve()
        for (const { done } of socket.data.waiting.splice(0)) done()
      },
      error() {},
    },
  })

  function take(socket: Socket<Line>): void {
    if (socket.data.isBusy) return
    const parsed = parse(socket.data.received, requests.length)
    if (parsed === undefined) return
    socket.data.received = socket.data.received.subarray(parsed.size)
    socket.data.isBusy = true
    requests.push(parsed.request)
    Promise.resolve()
      .then(() => handler(parsed.request, answering(socket)))
      .catch((error: unknown) => {
        complaints.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
        socket.terminate()
      })
      .finally(() => {
        socket.data.isBusy = false
        take(socket)
      })
  }

  return {
    port: listener.port,
    url: `http://127.0.0.1:${listener.port}`,
    requests,
    complaints,
    stop: () => listener.stop(true),
  }
}

function answering(socket: Socket<Line>): Answer {
  const raw = (bytes: string | Uint8Array) =>
    new Promise<void>((done) => {
      if (socket.readyState < 1) return done()
      socket.data.waiting.push({ bytes: typeof bytes === "string" ? Buffer.from(bytes) : bytes, done })
      flush(socket)
    })
  return {
    raw,
    head: (status, headers = {}) =>
      raw(
        `HTTP/1.1 ${status} ${status < 300 ? "OK" : "No"}\r\n${Object.entries({
          "content-type": "text/event-stream",
          "transfer-encoding": "chunked",
          ...headers,
        })
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join("")}\r\n`,
      ),
    piece(bytes) {
      const body = typeof bytes === "string" ? Buffer.from(bytes) : bytes
      if (body.length === 0) return Promise.resolve()
      return raw(Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n")]))
    },
    end: () => raw("0\r\n\r\n"),
    close: () => void socket.end(),
    reset: () => void socket.terminate(),
    gone: socket.data.gone.promise,
  }
}

function flush(socket: Socket<Line>): void {
  const { waiting } = socket.data
  for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
    const written = socket.write(next.bytes)
    if (written < next.bytes.length) {
      next.bytes = next.bytes.subarray(Math.max(0, written))
      return
    }
    waiting.shift()
    next.done()
  }
}

function parse(bytes: Buffer, index: number): { request: Received; size: number } | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n")
  if (headEnd < 0) return undefined
  const [first = "", ...lines] = bytes.subarray(0, headEnd).toString("latin1").split("\r\n")
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  const size = headEnd + 4 + Number(headers.get("content-length") ?? 0)
  if (bytes.length < size) return undefined
  const [method = "", path = ""] = first.split(" ")
  return { request: { method, path, headers, text: bytes.subarray(headEnd + 4, size).toString(), index }, size }
}
