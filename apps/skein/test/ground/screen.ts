import type { Size } from "@skein/term"
import { type Driven, drive, findingsOf, type OtherTerminal } from "@skein/term/driven"
import { virtualTerminal } from "@skein/testkit/terminal"
import { handOver, startedBy, type Who } from "./attack.ts"
import type { Scene } from "./scene.ts"

export interface Seat {
  readonly columns?: number
  readonly rows?: number
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Sits in xterm.js instead of our own emulator: it wraps old lines anew when it is resized. */
  readonly isXterm?: boolean
  /** Whose rights it has, and whose the whole machine is. */
  readonly who?: Who
}

/** The binary in a terminal of its own, with a person in front of it. */
export function seated(
  scene: Scene,
  { columns = 80, rows = 24, args = [], env = {}, isXterm = false, who = "self" }: Seat = {},
): Driven {
  if (who === "nobody") handOver(scene.root)
  return drive({
    command: [...startedBy(who), ...args],
    cwd: scene.cwd,
    env: { ...scene.env, TERM: "xterm-256color", COLORTERM: "truecolor", ...env },
    size: { columns, rows },
    ...(isXterm ? { terminal: xterm } : {}),
  })
}

function xterm(size: Size, answer: (text: string) => void): OtherTerminal {
  const terminal = virtualTerminal({ ...size, scrollback: 100_000, onReply: answer })
  return {
    write: (bytes) => terminal.write(bytes),
    resize: ({ columns, rows }) => terminal.resize(columns, rows),
    lines: () => terminal.screen(),
    scrollback: () => terminal.scrollback(),
    caret: () => ({ ...terminal.cursor, isShown: !terminal.cursor.isHidden }),
  }
}

/** What a person would see flicker, jump or stay behind: nothing, when all is well. */
export function flawsIn(
  driven: Driven,
  expected: { readonly isFullScreen?: boolean; readonly meant?: readonly number[] } = {},
): string[] {
  const hasEnded = driven.exitCode !== undefined
  return findingsOf(driven.recording, { hasEnded, ...expected }).map(({ kind, detail }) => `${kind}: ${detail}`)
}

/** Leaves as a person does, and waits for the end. Returns the exit code. */
export async function left(driven: Driven): Promise<number> {
  for (let times = 0; times < 20 && driven.exitCode === undefined; times++) {
    driven.press("ctrl+c")
    await Promise.race([driven.exited, Bun.sleep(250)])
  }
  const code = await driven.exited
  await driven.close()
  return code
}
