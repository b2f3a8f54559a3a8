import { type AppServerOptions, openAppServer } from "@skein/codex"
import type { Engine } from "@skein/protocol"
import type { Io } from "../io.ts"
import { UsageError } from "../usage.ts"
import { type Address, isLoopback } from "./address.ts"
import { listen } from "./listen.ts"
import type { SocketAuth } from "./socket-auth.ts"

interface Serving {
  readonly engine: Engine
  readonly address: Extract<Address, { readonly kind: "unix" | "ws" }>
  readonly auth: SocketAuth | undefined
  readonly optionsOf: () => AppServerOptions
  readonly io: Io
}

/** Serves clients of a socket, all of them over one engine, until it is interrupted. Where it listens is said on stderr. */
export async function serveSockets({ engine, address, auth, optionsOf, io }: Serving): Promise<number> {
  if (address.kind === "ws" && !isLoopback(address.host) && auth === undefined) {
    throw new UsageError(
      `refusing to start non-loopback websocket listener ${address.host}:${address.port} without auth; configure ` +
        "`--ws-auth capability-token` or `--ws-auth signed-bearer-token`",
    )
  }
  const interrupted = Promise.withResolvers<number>()
  const stop = io.onSignal((signal) => interrupted.resolve(signal === "SIGTERM" ? 143 : 130))
  const listener = await listen({
    ...{ address, auth, now: io.now, warn: (text) => io.err(`skein: ${text}`) },
    open: (write) => openAppServer({ engine, write, options: optionsOf() }),
  })
  try {
    for (const line of banner(listener.url, address, auth !== undefined)) io.err(line)
    return await interrupted.promise
  } finally {
    stop()
    await listener.close()
  }
}

function banner(url: string, address: Serving["address"], hasAuth: boolean): readonly string[] {
  if (address.kind === "unix") return ["skein app-server (Unix socket)", `  listening on: ${url}`]
  const http = url.replace(/^ws/, "http")
  const reach = isLoopback(address.host)
    ? "binds localhost only (use SSH port-forwarding for remote access)"
    : "reachable from other machines, and nothing is encrypted: put it behind TLS"
  const open = "every user and program of this machine can drive it: --ws-auth asks for a token"
  return [
    "skein app-server (WebSockets)",
    `  listening on: ${url}`,
    `  readyz: ${http}/readyz`,
    `  healthz: ${http}/healthz`,
    `  note: ${reach}`,
    ...(hasAuth ? [] : [`  note: ${open}`]),
  ]
}
