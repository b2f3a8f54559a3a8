import { httpHandler, MCP_PATH, type McpSource } from "@skein/mcp-server"
import type { Flags } from "../../flags.ts"
import type { Io } from "../../io.ts"
import { tokenOf } from "../../serve/token.ts"
import { path } from "../../session/request.ts"
import { UsageError } from "../../usage.ts"

interface Listening {
  readonly source: () => McpSource
  readonly flags: Flags
  readonly io: Io
}

/** Serves over HTTP until it is interrupted. */
export async function listenMcp(address: string, { source, flags, io }: Listening): Promise<number> {
  const { host, port } = addressOf(address)
  const token = await tokenFor(flags.text("token-file"), io)
  let http: ReturnType<typeof httpHandler> | undefined
  const server = Bun.serve({
    ...{ hostname: host, port, idleTimeout: IDLE_SECONDS, maxRequestBodySize: BODY_BYTES_MAX },
    async fetch(request) {
      if (server.pendingRequests > REQUESTS_MAX) return new Response("Busy\n", { status: 503 })
      return http?.handle(request) ?? new Response("Not yet\n", { status: 503 })
    },
    error: (error) => {
      io.err(`skein: ${error.message}`)
      return new Response("Failed\n", { status: 500 })
    },
  })
  http = httpHandler({
    ...{ token: token.value, hosts: LOOPBACK_NAMES, port: server.port ?? port },
    ...{ source, now: io.now, warn: (text) => io.err(`skein: ${text}`) },
  })
  io.err(`listening on http://${host === "::1" ? "[::1]" : host}:${server.port}${MCP_PATH}`)
  if (token.isNew) io.err(`token ${token.value}   (told this once; a client sends it as Authorization: Bearer …)`)
  const interrupted = Promise.withResolvers<number>()
  const stop = io.onSignal((signal) => interrupted.resolve(signal === "SIGTERM" ? 143 : 130))
  try {
    return await interrupted.promise
  } finally {
    stop()
    await http.close()
    await server.stop(true)
  }
}

/** Longer than the pause between signs of life on a stream. */
const IDLE_SECONDS = 60
const REQUESTS_MAX = 256
const BODY_BYTES_MAX = 8 * 1024 * 1024
const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"]

function addressOf(address: string): { readonly host: string; readonly port: number } {
  const [, name = "127.0.0.1", digits = ""] = /^(?:(\[[^\]]+\]|[^:]+):)?(\d{1,5})$/.exec(address) ?? []
  const port = Number(digits)
  if (digits === "" || port > 65_535) {
    throw new UsageError(
      `--listen takes an address of this machine and a port, as 127.0.0.1:8808, not ${JSON.stringify(address)}.`,
    )
  }
  if (!LOOPBACK_NAMES.includes(name)) {
    throw new UsageError(
      `--listen ${address}: only addresses of this machine are listened on (127.0.0.1, localhost, [::1]), because nothing here is ` +
        "encrypted. From elsewhere, use ssh: ssh host skein mcp serve, or ssh -L.",
    )
  }
  return { host: name === "[::1]" ? "::1" : name, port }
}

/** 32 bytes by chance, or what the file says, which nobody else may be able to read. */
async function tokenFor(
  file: string | undefined,
  io: Io,
): Promise<{ readonly value: string; readonly isNew: boolean }> {
  if (file === undefined) {
    const value = crypto.getRandomValues(new Uint8Array(32)).toHex()
    return { value, isNew: true }
  }
  return { value: await tokenOf(path(file, io.cwd), `--token-file ${file}`), isNew: false }
}
