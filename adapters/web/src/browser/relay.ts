import { randomBytes } from "node:crypto"
import { connect, createServer, type Socket } from "node:net"

/** Where requests go while a call runs: the proxy's socket, and that call's password. */
export interface Exit {
  readonly socketPath: string
  readonly token: string
}

export interface Relay {
  readonly port: number
  readonly password: string
  /** From now on everything goes there; undefined: nowhere. What is open ends. */
  to(exit: Exit | undefined): void
  close(): void
}

const HEAD_BYTES_MAX = 32_768

/**
 * A browser speaks to one proxy all its life, and every call has a way out of its own. This stands between: it listens on
 * this machine alone, takes the browser's password for the call's, and leads nowhere while no call runs.
 */
export async function relay(): Promise<Relay> {
  const password = randomBytes(24).toString("base64url")
  const own = `basic ${Buffer.from(`skein:${password}`).toString("base64")}`
  const open = new Set<Socket>()
  let exit: Exit | undefined
  const server = createServer((client) => {
    open.add(client)
    client.on("close", () => open.delete(client)).on("error", () => client.destroy())
    headOf(client, (head, rest) => {
      const now = exit
      if (credentialsIn(head).toLowerCase() !== own.toLowerCase()) return refuse(client, 407)
      if (now === undefined) return refuse(client, 503)
      const proxy = connect(now.socketPath)
      open.add(proxy)
      proxy.on("close", () => {
        open.delete(proxy)
        client.destroy()
      })
      proxy.on("error", () => client.destroy())
      client.on("close", () => proxy.destroy())
      proxy.write(withToken(head, now.token), "latin1")
      proxy.write(rest)
      client.pipe(proxy)
      proxy.pipe(client)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", resolve)
  })
  server.unref()
  const address = server.address()
  const end = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    password,
    to(next) {
      exit = next
      if (next === undefined) end()
    },
    close() {
      end()
      server.close()
    },
  }
}

function headOf(client: Socket, then: (head: string, rest: Buffer) => void): void {
  let bytes = Buffer.alloc(0)
  const take = (more: Buffer) => {
    bytes = Buffer.concat([bytes, more])
    const end = bytes.indexOf("\r\n\r\n")
    if (end === -1 && bytes.length <= HEAD_BYTES_MAX) return
    client.off("data", take)
    client.pause()
    if (end === -1) client.destroy()
    else then(bytes.subarray(0, end + 4).toString("latin1"), bytes.subarray(end + 4))
  }
  client.on("data", take)
}

const CREDENTIALS = /^proxy-authorization:[ \t]*(.*?)[ \t]*\r\n/im

function credentialsIn(head: string): string {
  return CREDENTIALS.exec(head)?.[1] ?? ""
}

function withToken(head: string, token: string): string {
  return head.replace(CREDENTIALS, `Proxy-Authorization: Basic ${Buffer.from(`skein:${token}`).toString("base64")}\r\n`)
}

function refuse(client: Socket, status: 407 | 503): void {
  const why =
    status === 407 ? 'Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="skein"' : "Service Unavailable"
  client.end(`HTTP/1.1 ${status} ${why}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
}
