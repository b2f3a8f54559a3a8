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
    const byTerminal = copiedByTerminal(text, machine)
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
  const outcome = copiedByTerminal(text, machine)
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

/** OSC 52. tmux takes it for its own clipboard where it is set up for that, or passes it on where it is set up for that. */
function copiedByTerminal(text: string, machine: Machine): Copied {
  const { say } = machine
  const facts = machine.facts()
  if (facts.clipboard === "none" && !facts.isSsh) {
    return { failure: `${facts.name} takes no text from programs, and neither wl-copy, xclip nor xsel is there` }
  }
  const sequence = clipboard(text)
  if (sequence === undefined) {
    return { failure: `it is ${Buffer.byteLength(text)} bytes, and terminals take about 75000` }
  }
  say(facts.isTmux ? `${sequence}${forTmux(sequence)}` : sequence)
  return { way: facts.isTmux ? "tmux" : "the terminal", isSure: false }
}
