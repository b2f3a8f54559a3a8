import { type VirtualTerminal, virtualTerminal } from "@skein/testkit/terminal"
import { type Driven, drive, findingsOf, type Recording } from "@skein/term/driven"
import { BINARY } from "./binary.ts"
import type { Scene } from "./scene.ts"

export interface Seat {
  readonly columns?: number
  readonly rows?: number
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** The binary in a terminal of its own, with a person in front of it. */
export function seated(scene: Scene, { columns = 80, rows = 24, args = [], env = {} }: Seat = {}): Driven {
  return drive({
    command: [BINARY, ...args],
    cwd: scene.cwd,
    env: { ...scene.env, TERM: "xterm-256color", COLORTERM: "truecolor", ...env },
    size: { columns, rows },
  })
}

/** The recording on a terminal by another hand, sizes changed where they were. */
export async function replayed(recording: Recording): Promise<VirtualTerminal> {
  const terminal = virtualTerminal({ ...recording.size, scrollback: 100_000 })
  for (const entry of recording.entries) {
    if ("bytes" in entry) await terminal.write(entry.bytes)
    else await terminal.resize(entry.size.columns, entry.size.rows)
  }
  return terminal
}

/** What a person would see flicker, jump or stay behind: nothing, when all is well. */
export function flawsIn(driven: Driven): string[] {
  const hasEnded = driven.exitCode !== undefined
  return findingsOf(driven.recording, { hasEnded }).map(({ kind, detail }) => `${kind}: ${detail}`)
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
