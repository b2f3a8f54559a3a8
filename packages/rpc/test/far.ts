import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Engine } from "@skein/protocol"
import {
  type ConnectOptions,
  connect,
  dialing,
  listenHttp,
  listenUnix,
  type RemoteEngine,
  serveEngine,
} from "../src/index.ts"

export type Way = "unix" | "websocket" | "requests"

export const TOKEN = "a-token-of-these-tests"
export const CLIENT = { client: { name: "test", version: "0" } } as const

/** No two servers are begun at one path in these tests; of those that are, the program's own tests know. */
export const lock = () => ({ kind: "locked" }) as const

/** An engine served over a real socket. */
export interface Served {
  /** A new client of it. */
  connect(options?: Partial<ConnectOptions>): Promise<RemoteEngine>
  readonly address: string
  readonly folder: string
  close(): Promise<void>
}

export async function served(engine: Engine, way: Way = "unix", graceMs?: number): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "skein-rpc-"))
  const defects: unknown[] = []
  const onDefect = (error: unknown) => void defects.push(error)
  const server = serveEngine(engine, { server: { name: "skein", version: "0" }, onDefect, graceMs })
  const listener =
    way === "unix"
      ? await listenUnix(server, { path: join(folder, "s"), lock, onDefect })
      : await listenHttp(server, { hostname: "127.0.0.1", port: 0, token: TOKEN, onDefect })
  const { address } = listener
  return {
    ...{ address, folder },
    connect: (options) =>
      connect(dialing(address, way === "unix" ? {} : { token: TOKEN, way }), { ...CLIENT, ...options }),
    async close() {
      await server.close()
      await listener.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** An engine that is served, and one client of it. */
export async function far(engine: Engine, way: Way): Promise<{ remote: RemoteEngine; close(): Promise<void> }> {
  const at = await served(engine, way)
  const remote = await at.connect()
  return {
    remote,
    async close() {
      remote.close()
      await at.close()
    },
  }
}
