import { isFarAway, isInsideWindows, type Machine } from "../machine.ts"
import type { Pasted } from "../system.ts"
import { windowsPath } from "../windows-path.ts"
import { macClipboard } from "./mac.ts"
import { windowsClipboard } from "./windows.ts"
import { waylandClipboard, x11Clipboard } from "./x.ts"

/** What reads a clipboard. Undefined when it is not there. */
export type Reader = (machine: Machine) => Promise<Pasted | undefined>

/** What the clipboard of this machine holds: files, text, else an image. What cannot be pasted is told and is no error. */
export async function paste(machine: Machine): Promise<Pasted> {
  const empty: Pasted[] = []
  for (const read of readersOf(machine)) {
    const pasted = await read(machine)
    if (pasted !== undefined && pasted.kind !== "nothing") return told(pasted, machine)
    if (pasted !== undefined) empty.push(pasted)
  }
  return empty[0] ?? { kind: "nothing", why: whyNone(machine) }
}

function readersOf(machine: Machine): readonly Reader[] {
  const { env, platform } = machine
  if (platform === "darwin") return [macClipboard]
  if (platform === "win32") return [windowsClipboard]
  return [
    ...(isInsideWindows(machine) ? [windowsClipboard] : []),
    ...(env.WAYLAND_DISPLAY ? [waylandClipboard] : []),
    ...(env.DISPLAY ? [x11Clipboard] : []),
  ]
}

function whyNone(machine: Machine): string {
  if (isFarAway(machine)) return "The clipboard is at your end of the connection: paste with your terminal's own key."
  if (machine.env.WAYLAND_DISPLAY) return "The clipboard cannot be read: install wl-clipboard."
  if (machine.env.DISPLAY) return "The clipboard cannot be read: install xclip."
  return "There is no clipboard here: paste with your terminal's own key."
}

/** Text that is nothing but paths of images means those files. Paths of Windows are written as Linux knows them. */
function told(pasted: Pasted, machine: Machine): Pasted {
  const own = (path: string) => (isInsideWindows(machine) ? (windowsPath(path) ?? path) : path)
  if (pasted.kind === "files") return { kind: "files", paths: pasted.paths.map(own) }
  if (pasted.kind !== "text" || pasted.text.length > PATHS_CHARS_MAX) return pasted
  const lines = pasted.text.trim().split(/\r?\n/)
  return lines.every((line) => IMAGE_PATH.test(line))
    ? { kind: "files", paths: lines.map((line) => own(line.replace(/^"(.*)"$/, "$1"))) }
    : pasted
}

const PATHS_CHARS_MAX = 4096
/** Absolute, as a system writes it: with a space in it, it is still one path. */
const IMAGE_PATH = /^"?(?:\/|~\/|[a-z]:[\\/]|\\\\).*\.(?:png|jpe?g|gif|webp)"?$/i
