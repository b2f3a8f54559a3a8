import type { Sandbox } from "@skein/protocol"
import type { Protection } from "./protect.ts"

export interface SeatbeltFacts {
  readonly sandbox: Exclude<Sandbox, "full-access">
  /** Resolved. */
  readonly roots: readonly string[]
  /** The command's own temporary folder. */
  readonly tmp: string
  readonly hidden: readonly string[]
  readonly protection: Pick<Protection, "readOnly" | "writable">
  /** Where the proxy of this command listens on the loopback address; none without a way out. */
  readonly proxyPort?: number | undefined
}

/**
 * The profile under which macOS's `sandbox-exec` would hold a command to the same: the last rule that matches decides,
 * so what is closed comes after what is open. Nothing applies it: there is no host for macOS, so no command runs there but
 * with the person's consent (see `notInstalled`). Its text is what such a host would hand to `sandbox-exec`.
 */
export function seatbeltProfile({ sandbox, roots, tmp, hidden, protection, proxyPort }: SeatbeltFacts): string {
  const writable = [...(sandbox === "workspace-write" ? [...roots, ...protection.writable] : []), tmp]
  return [
    "(version 1)",
    "(deny default)",
    "(allow process-exec process-fork)",
    "(allow signal (target same-sandbox))",
    "(allow process-info* (target same-sandbox))",
    "(allow sysctl-read)",
    "(allow file-read*)",
    ...filtered("deny", "file-read* file-write*", hidden.map(subpath)),
    ...filtered("allow", "file-write*", writable.map(subpath)),
    ...filtered("allow", "file-write-data", DEVICES.map(literal)),
    ...filtered("deny", "file-write*", protection.readOnly.map(subpath)),
    // The folders on the way to what is closed must not be moved from around it.
    ...filtered("deny", "file-write-unlink", protection.writable.map(literal)),
    ...filtered("deny", "file-read* file-write*", sandbox === "workspace-write" ? hidden.map(subpath) : []),
    "(deny file-write-setugid)",
    "(deny network*)",
    ...(proxyPort === undefined ? [] : [`(allow network-outbound (remote ip "localhost:${proxyPort}"))`]),
    "",
  ].join("\n")
}

const DEVICES = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"] as const

function filtered(decision: "allow" | "deny", operations: string, filters: readonly string[]): readonly string[] {
  return filters.length === 0 ? [] : [`(${decision} ${operations}\n  ${filters.join("\n  ")})`]
}

const subpath = (path: string) => `(subpath ${quoted(path)})`
const literal = (path: string) => `(literal ${quoted(path)})`

/** A text of the profile's language: a path must not be able to end it. */
function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, "\\$&")}"`
}
