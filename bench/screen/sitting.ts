/** A person at an agent's screen: a terminal of 120x40 that answers what programs ask terminals. */
import { type Emulator, emulator } from "../../packages/term/src/emulator/index.ts"
import type { Agent } from "../agents.ts"
import { reap, strangers } from "../orphans.ts"
import { cpuMsOf } from "../processes.ts"
import { type Bench, environment, placeOf } from "../trial.ts"

export const COLUMNS = 120
export const ROWS = 40

/** An agent that runs at a terminal, seen and typed at as by a person. */
export interface Sitting {
  readonly screen: Emulator
  /** Bytes the agent has written so far. */
  readonly bytes: number
  /** Milliseconds since the agent was started. */
  now(): number
  type(text: string): void
  /** The arrival of the bytes that made it true, in milliseconds since the start; nothing when it was not in time. */
  until(isSo: () => boolean, timeoutMs: number): Promise<number | undefined>
  /** Keys reach the program one by one and are not shown by the terminal itself. */
  isRaw(): boolean
  /** The processes that are there because of it. */
  processes(): number[]
  /** Asks it to end, makes sure, and says what it used on the whole. */
  leave(): Promise<{ readonly cpuMs: number }>
}

const ECHO = 0x8
const LEAVE_MS = 2_000

/** Starts an agent at a terminal of its own. */
export function sitDown(bench: Bench, agent: Agent, command: readonly string[]): Sitting {
  const place = placeOf(bench, agent)
  let bytes = 0
  let isGone = false
  let watch: { readonly isSo: () => boolean; readonly seen: (atMs: number) => void } | undefined
  const screen = emulator({
    size: { columns: COLUMNS, rows: ROWS },
    answer: (text) => type(text),
  })
  const startedMs = performance.now()
  const now = () => performance.now() - startedMs
  const child = Bun.spawn([...command], {
    env: { ...environment(bench, agent), COLORTERM: "truecolor", ...agent.env?.(place) },
    cwd: place.workspace,
    // Made with the child: only then is it the child's own terminal, which tells it of sizes and Ctrl+C.
    terminal: {
      cols: COLUMNS,
      rows: ROWS,
      data(_, data) {
        const atMs = now()
        bytes += data.length
        screen.write(data)
        if (watch?.isSo()) watch.seen(atMs)
      },
    },
  })
  const { terminal } = child
  if (terminal === undefined) throw new Error("This platform gives no terminal.")
  const exited = child.exited.then(() => {
    isGone = true
  })

  function type(text: string): void {
    if (child.terminal?.closed === false) child.terminal.write(text)
  }

  return {
    screen,
    get bytes() {
      return bytes
    },
    now,
    type,
    until(isSo, timeoutMs) {
      if (isSo()) return Promise.resolve(now())
      return new Promise((resolve) => {
        const stop = (atMs: number | undefined) => {
          clearTimeout(timer)
          watch = undefined
          resolve(atMs)
        }
        const timer = setTimeout(() => stop(undefined), timeoutMs)
        watch = { isSo, seen: stop }
        exited.then(() => stop(undefined))
      })
    },
    isRaw: () => !isGone && (terminal.localFlags & ECHO) === 0,
    processes: () => strangers(bench.bystanders),
    async leave() {
      const lastMs = strangers(bench.bystanders).reduce((sum, pid) => sum + cpuMsOf(pid), 0)
      if (!isGone) child.kill("SIGTERM")
      await Promise.race([exited, Bun.sleep(LEAVE_MS)])
      if (!isGone) child.kill("SIGKILL")
      await exited
      reap(bench.bystanders)
      terminal.close()
      return { cpuMs: lastMs }
    },
  }
}
