import type { Machine } from "../machine.ts"
import type { Argv } from "../programs.ts"
import type { Pasted } from "../system.ts"
import { bestOf } from "./offered.ts"

/** A Wayland desktop, by wl-paste. */
export function waylandClipboard(machine: Machine): Promise<Pasted | undefined> {
  return offered(["wl-paste", "--list-types"], (type) => ["wl-paste", "--no-newline", "--type", type], machine)
}

/** An X server, by xclip; text alone by xsel. */
export async function x11Clipboard(machine: Machine): Promise<Pasted | undefined> {
  const xclip = (type: string): Argv => ["xclip", "-selection", "clipboard", "-o", "-t", type]
  return (await offered(xclip("TARGETS"), xclip, machine)) ?? (await byXsel(machine))
}

const TIMEOUT_MS = 3_000
/** A screenshot as a bitmap is four bytes a pixel. */
const BYTES_MAX = 64 * 1024 * 1024

async function offered(list: Argv, taking: (type: string) => Argv, { programs }: Machine): Promise<Pasted | undefined> {
  const listed = await programs.run(list, { timeoutMs: TIMEOUT_MS })
  if (listed === undefined) return undefined
  if (listed.exitCode !== 0) return { kind: "nothing", why: "The clipboard is empty." }
  const types = new TextDecoder().decode(listed.out).split("\n")
  return bestOf({
    types: types.map((type) => type.trim()),
    async take(type) {
      const ran = await programs.run(taking(type), { timeoutMs: TIMEOUT_MS, bytesMax: BYTES_MAX })
      return ran?.exitCode === 0 ? ran.out : undefined
    },
  })
}

async function byXsel({ programs }: Machine): Promise<Pasted | undefined> {
  const ran = await programs.run(["xsel", "-ob"], { timeoutMs: TIMEOUT_MS, bytesMax: BYTES_MAX })
  if (ran === undefined) return undefined
  const text = ran.exitCode === 0 ? new TextDecoder().decode(ran.out) : ""
  return text === "" ? { kind: "nothing", why: "The clipboard holds no text." } : { kind: "text", text }
}
