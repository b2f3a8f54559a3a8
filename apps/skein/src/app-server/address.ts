import { resolve } from "node:path"
import { SOCKET_PATH_BYTES_MAX } from "@skein/rpc"
import { UsageError } from "../usage.ts"

/** Where clients of the app-server come from. */
export type Address =
  | { readonly kind: "stdio" }
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "ws"; readonly host: string; readonly port: number }
  | { readonly kind: "off" }

/** Where the socket is that `unix://` and `proxy` mean when they name none. `data`: the folder of skein's data. */
export function controlSocket(data: string): string {
  return `${data}/app-server-control/app-server-control.sock`
}

/** Reads `--listen`. Throws UsageError. */
export function addressOf(text: string, place: { readonly cwd: string; readonly data: string }): Address {
  if (text === "stdio://") return { kind: "stdio" }
  if (text === "off") return { kind: "off" }
  if (text.startsWith("unix://")) return { kind: "unix", path: socketPath(text.slice("unix://".length), place) }
  const [, host = "", digits = ""] = /^ws:\/\/(\[[^\]]+\]|[^:/]+):(\d{1,5})\/?$/.exec(text) ?? []
  const bare = host.replace(/^\[|\]$/g, "")
  if (isAddress(host) && Number(digits) <= 65_535) return { kind: "ws", host: bare, port: Number(digits) }
  if (text.startsWith("ws://"))
    throw new UsageError(`invalid websocket --listen URL \`${text}\`; expected \`ws://IP:PORT\``)
  throw new UsageError(
    `unsupported --listen URL \`${text}\`; expected \`stdio://\`, \`unix://\`, \`unix://PATH\`, \`ws://IP:PORT\`, or \`off\``,
  )
}

/** The absolute path of a socket; the control socket where none is named. Throws UsageError for one that is too long. */
export function socketPath(named: string, { cwd, data }: { readonly cwd: string; readonly data: string }): string {
  const path = named === "" ? controlSocket(data) : resolve(cwd, named)
  const bytes = Buffer.byteLength(path)
  if (bytes <= SOCKET_PATH_BYTES_MAX) return path
  throw new UsageError(
    `The socket's path has ${bytes} bytes, and one may have ${SOCKET_PATH_BYTES_MAX}: ${path}. Name a shorter one: unix:///run/user/$UID/skein.sock`,
  )
}

/** A name would be looked up, and could come to mean another machine. */
export function isAddress(host: string): boolean {
  if (host.startsWith("[")) return URL.canParse(`ws://${host}/`)
  const parts = host.split(".")
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

/** Only this machine reaches it. */
export function isLoopback(host: string): boolean {
  return host === "::1" || /^127\./.test(host)
}
