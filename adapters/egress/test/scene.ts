import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Egress, LedgerEntry, NetworkGate, NetworkTarget } from "@skein/core/ports"
import type { NetworkAttempt } from "@skein/protocol"
import { type EgressOptions, egress } from "../src/index.ts"

const open: (() => void)[] = []

/** Ends what the tests of a file had open. */
export function endAll(): void {
  for (const close of open.splice(0)) close()
}

/** A folder of its own, gone with the tests of a file. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "skein-net-"))
  open.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** One proxy with one command's way through it, and everything that came of it. */
export interface Scene {
  readonly way: Egress
  readonly asked: NetworkTarget[]
  readonly resolved: string[]
  readonly entries: LedgerEntry[]
  readonly port: ReturnType<typeof egress>
  /** Sends bytes as they are, and resolves to all that came back before the other end closed. */
  raw(text: string | Uint8Array, options?: RawOptions): Promise<string>
  /** A request's head with the password of this command. */
  head(first: string, ...headers: string[]): string
  authorization: string
}

export interface RawOptions {
  /** Half-closes after what was sent. */
  readonly isHalfClosed?: boolean
}

export interface SceneOptions extends Partial<Omit<EgressOptions, "ledger" | "now" | "onDefect">> {
  /** Names and the addresses they lead to. */
  readonly names?: Readonly<Record<string, readonly string[]>>
  readonly gate?: NetworkGate
}

/** Everything is allowed, this machine too, unless a gate says otherwise. */
export const allowing: NetworkGate = async () => ({
  isAllowed: true,
  reason: "it is on the list",
  isPrivateAllowed: true,
})

export async function scene({ names = {}, gate = allowing, ...options }: SceneOptions = {}): Promise<Scene> {
  const asked: NetworkTarget[] = []
  const resolved: string[] = []
  const entries: LedgerEntry[] = []
  const port = egress({
    ledger: { record: (entry) => void entries.push(entry) },
    now: () => 1_000,
    through: (url, init) => fetch(url, init),
    onDefect: (error) => {
      throw error
    },
    folders: [temporary()],
    upstream: { env: {} },
    resolve: async (host) => {
      resolved.push(host)
      const found = names[host]
      if (found === undefined) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" })
      return found
    },
    ...options,
  })
  const way = await port.open(
    (target, signal) => {
      asked.push(target)
      return gate(target, signal)
    },
    { sessionId: "ses_1", callId: "cal_1" },
  )
  open.push(() => port.close())
  const authorization = `Proxy-Authorization: Basic ${Buffer.from(`skein:${way.token}`).toString("base64")}`
  return {
    ...{ way, asked, resolved, entries, port, authorization },
    raw: (text, more) => exchange(way.socketPath, text, more),
    head: (first, ...headers) => [first, authorization, ...headers, "", ""].join("\r\n"),
  }
}

/** Keeps something to be ended after the tests of a file. */
export function kept<T extends { stop(isNow?: boolean): unknown }>(server: T): T {
  open.push(() => void server.stop(true))
  return server
}

export async function exchange(
  path: string,
  text: string | Uint8Array,
  { isHalfClosed = false }: RawOptions = {},
): Promise<string> {
  const parts: Uint8Array[] = []
  const over = Promise.withResolvers<void>()
  const socket = await Bun.connect({
    unix: path,
    allowHalfOpen: true,
    socket: {
      data: (_, bytes) => void parts.push(bytes),
      end: () => over.resolve(),
      close: () => over.resolve(),
      error: () => over.resolve(),
    },
  })
  socket.write(text)
  if (isHalfClosed) socket.shutdown()
  await over.promise
  socket.end()
  return Buffer.concat(parts).toString("latin1")
}

/** The first line of an answer. */
export function statusOf(answer: string): string {
  return answer.split("\r\n", 1)[0] ?? ""
}

/** `allowed example.com:443 out 10 in 20`. */
export function told(attempts: readonly NetworkAttempt[]): string[] {
  return attempts.map(({ decision, host, port, reason }) => `${decision} ${host}:${port}: ${reason}`)
}

/** A server that answers each request with what it was sent, and closes. Keeps the heads it saw. */
export function httpServer(answer: (head: string, body: string) => string = plain) {
  const heads: string[] = []
  const server = kept(
    Bun.listen<{ text: string }>({
      hostname: "127.0.0.1",
      port: 0,
      allowHalfOpen: true,
      socket: {
        open(socket) {
          socket.data = { text: "" }
        },
        data(socket, bytes) {
          socket.data.text += bytes.toString("latin1")
          const [head = "", body] = socket.data.text.split(/\r\n\r\n(.*)/s)
          if (body === undefined) return
          const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)
          const isChunked = /transfer-encoding/i.test(head)
          if (isChunked ? !body.endsWith("0\r\n\r\n") : body.length < length) return
          heads.push(`${head}|${body}`)
          socket.end(answer(head, body))
        },
        end: (socket) => void socket.end(),
      },
    }),
  )
  return { server, heads, port: server.port }
}

function plain(head: string, body: string): string {
  const text = `${head.split("\r\n")[0]} ${body.length}`
  return `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\nkeep-alive: timeout=5\r\nconnection: keep-alive\r\n\r\n${text}`
}

/** Says back what it is told, and says so at once. */
export function echoServer() {
  return kept(
    Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data: (socket, bytes) => void socket.write(bytes),
        end: (socket) => void socket.end(),
      },
    }),
  )
}
