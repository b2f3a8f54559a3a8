import { isAbsolute, join } from "node:path"
import { UsageError } from "../usage.ts"

/** Where clients come from. */
export type Listen =
  | { readonly kind: "stdio" }
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "http"; readonly hostname: string; readonly port: number }

export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>
  /** skein's own data folder. */
  readonly data: string
}

/** What `--listen` and `--port` say together. Throws UsageError. */
export function listens(addresses: readonly string[], port: string | undefined, place: Place): readonly Listen[] {
  const all = [...addresses.map((address) => listenOf(address, place)), ...(port === undefined ? [] : [local(port)])]
  if (all.length === 0) return [{ kind: "unix", path: usualSocket(place) }]
  if (all.length > 1 && all.some(({ kind }) => kind === "stdio")) {
    throw new UsageError("--listen stdio is for one client alone: give it by itself.")
  }
  return all
}

/** Only this machine's own address is reached by nobody else. */
export function isLoopback(hostname: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === "::1" || hostname === "localhost"
}

function listenOf(address: string, place: Place): Listen {
  if (address === "stdio" || address === "stdio://") return { kind: "stdio" }
  if (address === "unix") return { kind: "unix", path: usualSocket(place) }
  if (address.startsWith("unix:")) {
    const path = address.slice("unix:".length)
    if (isAbsolute(path)) return { kind: "unix", path }
    throw new UsageError(`--listen ${address}: a socket's path is absolute, as unix:/run/user/1000/skein/serve.sock.`)
  }
  const [, name = "", digits = ""] = /^http:\/\/(\[[0-9a-fA-F:]+\]|[^:/@?#]+):(\d{1,5})\/?$/.exec(address) ?? []
  if (name !== "")
    return { kind: "http", hostname: name.replace(/^\[|\]$/g, "").toLowerCase(), port: portOf(digits, address) }
  throw new UsageError(
    `--listen takes stdio, unix, unix:/path or http://host:port, not ${JSON.stringify(address)}.${
      address.startsWith("https:") ? " For TLS, put a proxy in front of it." : ""
    }`,
  )
}

function local(port: string): Listen {
  if (!/^\d{1,5}$/.test(port)) throw new UsageError(`--port takes a number up to 65535, not ${JSON.stringify(port)}.`)
  return { kind: "http", hostname: "127.0.0.1", port: portOf(port, port) }
}

function portOf(digits: string, given: string): number {
  const port = Number(digits)
  if (port <= 65_535) return port
  throw new UsageError(`${JSON.stringify(given)}: ports go up to 65535.`)
}

/** Where the system clears up after a person, else with what is skein's. */
function usualSocket({ env, data }: Place): string {
  const runtime = env.XDG_RUNTIME_DIR
  const isMoved = env.SKEIN_HOME !== undefined && env.SKEIN_HOME !== ""
  return !isMoved && runtime !== undefined && isAbsolute(runtime)
    ? join(runtime, "skein", "serve.sock")
    : join(data, "serve", "serve.sock")
}
