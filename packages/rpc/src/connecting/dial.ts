import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { request as httpRequest, type IncomingMessage } from "node:http"
import { connect as connectSocket, type Socket } from "node:net"
import { SkeinError } from "@skein/protocol"
import { lineTransport } from "../transports/lines.ts"
import type { Transport } from "../transports/transport.ts"
import { proofOf } from "../websocket/handshake.ts"
import { webSocketTransport } from "../websocket/transport.ts"
import { dialHttp } from "./dial-http.ts"
import { refusedBy, unreachable } from "./refusals.ts"

/**
 * Makes one connection. Throws SkeinError: `engine.unreachable` where nobody is there just now, and a later try may find
 * somebody; `engine.refused` where we are not let in, which no later try mends.
 */
export type Dial = () => Promise<Transport>

export interface AddressOptions {
  /** For http: what the server's token file says. */
  readonly token?: string | undefined
  /** For http: one WebSocket, which is what is meant when left out, or plain requests and a stream of events. */
  readonly way?: "websocket" | "requests" | undefined
}

/** The way to an address: `unix:/absolute/path` or `http://host:port`. Throws SkeinError `config.invalid`. */
export function dialing(address: string, { token = "", way = "websocket" }: AddressOptions = {}): Dial {
  if (address.startsWith("unix:/")) return () => dialUnix(address.slice("unix:".length))
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== "http:" || url.username !== "" || url.password !== "" || url.search !== "") {
    throw new SkeinError("config.invalid", `${JSON.stringify(address)} is no address: unix:/path or http://host:port.`)
  }
  return way === "websocket" ? () => dialWebSocket(url, token) : () => dialHttp(url, token)
}

export function dialUnix(path: string): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(path)
    socket.once("connect", () => resolve(lineTransport(socket, socket)))
    socket.once("error", (cause) => reject(unreachable(`unix:${path}`, cause)))
  })
}

/** A server of one's own, over its stdin and stdout. It ends when the connection is closed. */
export function dialCommand(
  command: readonly [string, ...string[]],
  options: {
    readonly cwd?: string | undefined
    readonly env?: Readonly<Record<string, string | undefined>> | undefined
    /** What it says on stderr; the caller's own stderr when left out. */
    readonly onErr?: ((text: string) => void) | undefined
  } = {},
): Promise<Transport> {
  const { cwd, env, onErr } = options
  const [program, ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
      stdio: ["pipe", "pipe", onErr === undefined ? "inherit" : "pipe"],
    })
    child.once("error", (cause) => reject(unreachable(program, cause)))
    child.once("spawn", () => {
      if (child.stdout === null || child.stdin === null) return
      resolve(lineTransport(child.stdout, child.stdin))
    })
    child.stderr?.setEncoding("utf8").on("data", (text: string) => onErr?.(text))
  })
}

function dialWebSocket(url: URL, token: string): Promise<Transport> {
  const key = randomBytes(16).toString("base64")
  return new Promise((resolve, reject) => {
    const asked = httpRequest(new URL("/v1/socket", url), {
      headers: {
        Authorization: `Bearer ${token}`,
        ...{ Connection: "Upgrade", Upgrade: "websocket" },
        ...{ "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13" },
      },
      agent: false,
    })
    asked.once("upgrade", (response: IncomingMessage, socket: Socket, head: Buffer) => {
      socket.on("error", () => undefined)
      if (response.headers["sec-websocket-accept"] === proofOf(key)) {
        return resolve(webSocketTransport(socket, { side: "client", head }))
      }
      socket.destroy()
      reject(new SkeinError("engine.refused", `${url.origin} is no server of skein's: it does not speak WebSocket.`))
    })
    asked.once("response", (response) => {
      response.resume()
      asked.destroy()
      reject(refusedBy(url, response.statusCode ?? 0))
    })
    asked.once("error", (cause) => reject(unreachable(url.origin, cause)))
    asked.end()
  })
}
