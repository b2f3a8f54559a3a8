import { delimiter, isAbsolute } from "node:path"
import type { Io } from "../../io.ts"

/** What a browser needs of the environment; keys and tokens are none of it. */
const PASSED_ON =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_.*|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_.*|DBUS_SESSION_BUS_ADDRESS|BROWSER)$/
/** A program that hands the page on ends soon; one that is the browser itself stays. */
const PATIENCE_MS = 2_000

/** Whether the person sits at another machine than this one. */
export function isRemote({ env }: Pick<Io, "env">): boolean {
  return ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"].some((name) => (env[name] ?? "") !== "")
}

/**
 * Opens a page in the person's browser, without a shell. False where none could be: over SSH, without a display, without the
 * program for it, or for an address that is neither https nor of this machine.
 */
export async function openPage(address: string, io: Pick<Io, "env">, platform: string): Promise<boolean> {
  const hasDisplay =
    platform === "darwin" || [io.env.DISPLAY, io.env.WAYLAND_DISPLAY].some((value) => (value ?? "") !== "")
  if (isRemote(io) || !hasDisplay || !isSafe(address)) return false
  const env = Object.fromEntries(
    Object.entries(io.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && PASSED_ON.test(entry[0]),
    ),
  )
  // A relative folder would be one of whatever is worked in.
  const path = (env.PATH ?? "").split(delimiter).filter(isAbsolute).join(delimiter)
  const program = Bun.which(platform === "darwin" ? "open" : "xdg-open", { PATH: path })
  if (program === null) return false
  const child = Bun.spawn([program, address], { env, stdin: "ignore", stdout: "ignore", stderr: "ignore" })
  child.unref()
  return (await Promise.race([child.exited, Bun.sleep(PATIENCE_MS).then(() => 0)])) === 0
}

function isSafe(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname))
}
