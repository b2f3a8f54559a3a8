import { connect, type Socket } from "node:net"

/** What came back over a connection until it ended, or until `isEnough`. */
export interface Answered {
  /** 0: it was closed without a word. */
  readonly status: number
  readonly text: string
  readonly ms: number
}

/** Bytes as they are, to a server on loopback: what no well-behaved client would send. */
export async function raw(
  port: number,
  pieces: readonly (string | Buffer)[],
  {
    pauseMs = 0,
    isEnough = hasHead,
  }: { readonly pauseMs?: number; readonly isEnough?: (text: string) => boolean } = {},
): Promise<Answered> {
  const begun = performance.now()
  const socket = connect(port, "127.0.0.1")
  const text = heard(socket, isEnough)
  void say(socket, pieces, pauseMs)
  const all = await text
  socket.destroy()
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(all)?.[1] ?? 0), text: all, ms: performance.now() - begun }
}

/** A request's head, with what a client of this server sends; `undefined` leaves a header out. */
export function head(line: string, headers: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]))
  return `${[`${line} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n`
}

function hasHead(text: string): boolean {
  return text.includes("\r\n\r\n")
}

async function say(socket: Socket, pieces: readonly (string | Buffer)[], pauseMs: number): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return
    socket.write(piece)
    // The attack is to be slow; nothing waits for it.
    if (pauseMs > 0) await Bun.sleep(pauseMs)
  }
}

function heard(socket: Socket, isEnough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    let text = ""
    socket.on("data", (bytes) => {
      text += bytes.toString()
      if (isEnough(text)) resolve(text)
    })
    socket.on("error", () => resolve(text))
    socket.on("close", () => resolve(text))
  })
}
