import { clipboard, forTmux } from "@skein/term"
import { isFarAway, isInsideWindows, type Machine } from "../machine.ts"
import type { Argv, Ran } from "../programs.ts"
import type { SystemPort } from "../system.ts"

type Copied = Awaited<ReturnType<SystemPort["copy"]>>

/**
 * Puts text into the person's clipboard: by a program of this machine, which says whether it worked, else by the terminal,
 * which does not. Over ssh the terminal comes first, as the clipboard is there.
 */
export async function copy(text: string, machine: Machine): Promise<Copied> {
  if (isFarAway(machine)) {
    const byTerminal = await copiedByTerminal(text, machine)
    if (!("failure" in byTerminal)) return byTerminal
  }
  const failures: string[] = []
  for (const tool of toolsOf(machine)) {
    const ran = await machine.programs.run(tool.argv, {
      input: tool.isUtf16 === true ? utf16(text) : text,
      timeoutMs: TIMEOUT_MS,
      isQuiet: true,
    })
    if (ran?.exitCode === 0) return { way: tool.argv[0], isSure: true }
    if (ran !== undefined) failures.push(`${tool.argv[0]} ${howItEnded(ran)}`)
  }
  const outcome = await copiedByTerminal(text, machine)
  if (!("failure" in outcome) || failures.length === 0) return outcome
  return { failure: `${failures.join(", ")}; ${outcome.failure}` }
}

const TIMEOUT_MS = 3_000

interface Tool {
  readonly argv: Argv
  readonly isUtf16?: boolean
}

function toolsOf(machine: Machine): readonly Tool[] {
  const { env, platform } = machine
  const windows: readonly Tool[] = [{ argv: ["clip.exe"], isUtf16: true }]
  if (platform === "darwin") return [{ argv: ["pbcopy"] }]
  if (platform === "win32") return windows
  return [
    ...(isInsideWindows(machine) ? windows : []),
    ...(env.WAYLAND_DISPLAY ? [{ argv: ["wl-copy"] } as const] : []),
    ...(env.DISPLAY ? ([{ argv: ["xclip", "-selection", "clipboard"] }, { argv: ["xsel", "-ib"] }] as const) : []),
  ]
}

/** With its mark, as Windows takes text that is more than ASCII. */
function utf16(text: string): Uint8Array {
  return Buffer.from(`\ufeff${text}`, "utf16le")
}

function howItEnded({ exitCode }: Ran): string {
  return exitCode === undefined ? "did not end in time" : `ended with exit code ${exitCode}`
}

/** By tmux where it is around us, else OSC 52, which a tmux of another machine takes only where it is set up for that. */
async function copiedByTerminal(text: string, machine: Machine): Promise<Copied> {
  const { say } = machine
  const facts = machine.facts()
  if (facts.clipboard === "none" && !facts.isSsh) {
    return { failure: `${facts.name} takes no text from programs, and neither wl-copy, xclip nor xsel is there` }
  }
  const sequence = clipboard(text)
  if (sequence === undefined) {
    return { failure: `it is ${Buffer.byteLength(text)} bytes, and terminals take about 75000` }
  }
  if (!(await isTakenByTmux(text, machine))) say(facts.isTmux ? `${sequence}${forTmux(sequence)}` : sequence)
  return { way: facts.isTmux ? "tmux" : "the terminal", isSure: false }
}

/** As it is set up from the start, tmux takes no sequence of a program; asked by its own command it takes the text, and gives it on. */
async function isTakenByTmux(text: string, { env, programs }: Machine): Promise<boolean> {
  if (!env.TMUX) return false
  const how = { input: text, timeoutMs: TIMEOUT_MS, isQuiet: true }
  return (await programs.run(["tmux", "load-buffer", "-w", "-"], how))?.exitCode === 0
}
