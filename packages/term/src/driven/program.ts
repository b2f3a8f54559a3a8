import { emulator } from "../emulator/emulator.ts"
import type { Caret, Size } from "../frame.ts"
import { bytesOfChord } from "./chords.ts"
import type { Entry, Recording } from "./recording.ts"

/** A program, and the terminal it is started in. */
export interface Launch {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly size: Size
  /** The terminal it sits in; the emulator of this package when absent. */
  readonly terminal?: ((size: Size, answer: (text: string) => void) => OtherTerminal) | undefined
}

/** A terminal by another hand, to be in front of. */
export interface OtherTerminal {
  /** Settles when the bytes are on its screen. */
  write(bytes: Uint8Array): Promise<void>
  resize(size: Size): Promise<void>
  lines(): readonly string[]
  scrollback(): readonly string[]
  caret(): Caret & { readonly isShown: boolean }
}

/** A program in a real terminal, and a person in front of it: hands and eyes. */
export interface Driven {
  type(text: string): void
  /** A key by its name: `ctrl+p`, `enter`, `é`. */
  press(chord: string): void
  /** As a terminal pastes, between marks when the program asked for them. */
  paste(text: string): void
  resize(size: Size): void
  /** What is on the screen, rows joined, blanks at the right and below cut off. */
  text(): string
  lines(): string[]
  scrollback(): string[]
  caret(): Caret & { readonly isShown: boolean }
  cells(): ReturnType<ReturnType<typeof emulator>["cells"]>
  readonly size: Size
  /** Resolves to the milliseconds it took. Throws with the screen as it is when it does not come to that. */
  until(isSo: (text: string) => boolean, what: string, timeoutMs?: number): Promise<number>
  /** Until `wanted` is on the screen. */
  waitFor(wanted: string | RegExp, timeoutMs?: number): Promise<number>
  /** Until nothing has been written for so long; at most five seconds. False when it went on. */
  waitStable(quietMs?: number): Promise<boolean>
  /** Until the next bytes arrive; nothing when none came in time. */
  nextBytes(timeoutMs: number): Promise<number | undefined>
  readonly recording: Recording
  readonly pid: number
  /** Milliseconds since the start. */
  now(): number
  readonly exited: Promise<number>
  /** How it ended, once it has; 128 and the signal's number where one ended it. */
  readonly exitCode: number | undefined
  /** Takes the terminal away, as when its window is closed. */
  hangUp(): void
  /** Ends it, if it has not ended. */
  close(): Promise<void>
}

const TIMEOUT_MS = 15_000
const QUIET_MS = 120
const AFTER_END_MS = 100
const STABLE_MAX_MS = 5_000
const BRACKETED_PASTE = 2004

/** Starts a program in a terminal of its own, and sits before it. */
export function drive({ command, env, cwd, size, terminal: made }: Launch): Driven {
  const entries: Entry[] = []
  const watchers = new Set<(atMs: number) => void>()
  const other = made?.(size, (text) => write(text))
  const screen = emulator({ size, answer: other === undefined ? (text) => write(text) : undefined })
  const seen = other ?? screen
  const startedMs = performance.now()
  const now = () => performance.now() - startedMs
  const child = Bun.spawn([...command], {
    env: { ...env },
    cwd,
    // Made with the child: only then is it the child's own terminal, which tells it of sizes and Ctrl+C.
    terminal: {
      cols: size.columns,
      rows: size.rows,
      data(_, data) {
        const atMs = now()
        entries.push({ atMs, bytes: new Uint8Array(data) })
        screen.write(data)
        if (other === undefined) tell(atMs)
        else other.write(new Uint8Array(data)).then(() => tell(atMs), failed)
      },
    },
  })
  const { terminal } = child
  if (terminal === undefined) throw new Error("This platform gives no terminal.")

  function tell(atMs: number): void {
    for (const watcher of [...watchers]) watcher(atMs)
  }

  function write(text: string): void {
    if (child.terminal?.closed === false) child.terminal.write(text)
  }

  function text(): string {
    return seen.lines().join("\n").trimEnd()
  }

  /** The arrival of the bytes after which it is so. */
  function watch(isSo: () => boolean, timeoutMs: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      const stop = (atMs: number | undefined) => {
        clearTimeout(timer)
        watchers.delete(look)
        resolve(atMs)
      }
      const look = (atMs: number) => {
        if (isSo()) stop(atMs)
      }
      const timer = setTimeout(() => stop(undefined), timeoutMs)
      watchers.add(look)
      over.then(() => stop(undefined), failed)
    })
  }

  /** Of one that a signal ended the child itself says nothing. */
  let endedWith: number | undefined
  child.exited.then((code) => {
    endedWith = code
  }, failed)

  /** The last bytes may come after the end is known. */
  const over = child.exited.then(() => Bun.sleep(AFTER_END_MS))

  async function until(isSo: (text: string) => boolean, what: string, timeoutMs = TIMEOUT_MS): Promise<number> {
    const fromMs = now()
    if (isSo(text())) return 0
    const seenMs = await watch(() => isSo(text()), timeoutMs)
    if (seenMs === undefined) {
      const ended = endedWith === undefined ? "" : ` It ended with ${endedWith}.`
      throw new Error(`Not in ${timeoutMs} ms: ${what}.${ended} The screen:\n${text()}`)
    }
    return seenMs - fromMs
  }

  return {
    type: write,
    press: (chord) => write(bytesOfChord(chord)),
    paste: (pasted) => write(screen.modes.has(BRACKETED_PASTE) ? `\x1b[200~${pasted}\x1b[201~` : pasted),
    resize(next) {
      entries.push({ atMs: now(), size: next })
      screen.resize(next)
      // As terminals do it: their own rows first, then the program hears of it.
      const tellProgram = () => terminal.resize(next.columns, next.rows)
      if (other === undefined) tellProgram()
      else other.resize(next).then(tellProgram, failed)
    },
    text,
    lines: () => [...seen.lines()],
    scrollback: () => [...seen.scrollback()],
    caret: () => seen.caret(),
    cells: () => screen.cells(),
    get size() {
      return screen.size
    },
    until,
    waitFor: (wanted, timeoutMs) =>
      until(
        (seen) => (typeof wanted === "string" ? seen.includes(wanted) : wanted.test(seen)),
        `${wanted} on the screen`,
        timeoutMs,
      ),
    async waitStable(quietMs = QUIET_MS) {
      const endMs = now() + STABLE_MAX_MS
      while (now() < endMs) {
        if ((await watch(() => true, quietMs)) === undefined) return true
      }
      return false
    },
    nextBytes: (timeoutMs) => watch(() => true, timeoutMs),
    recording: { size, entries },
    pid: child.pid,
    now,
    exited: child.exited,
    get exitCode() {
      return endedWith
    },
    hangUp: () => terminal.close(),
    async close() {
      if (endedWith === undefined) child.kill("SIGKILL")
      await child.exited
      terminal.close()
    },
  }
}

function failed(cause: unknown): never {
  throw new Error("The other terminal failed.", { cause })
}
