import { closeSync } from "node:fs"
import type { ProcessRequest, RunningProcess } from "@skein/core/ports"
import { killRest, tooLong } from "../child.ts"
import { cleanEnvironment } from "../environment.ts"
import { programOf } from "../launch.ts"
import { openPipe } from "../pipe.ts"
import { foregroundOf, signal as send, startOf } from "../processes.ts"
import { environmentOf, IN_A_TERMINAL, withoutQuiet } from "./confined.ts"
import { runningProcess } from "./held.ts"
import { type OnOutput, pipes, type Streams } from "./streams.ts"
import { type TerminalSize, terminalStreams } from "./terminal.ts"

export interface PlainGround {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly shell: string
  /** Stands in the environment of whatever comes of the process. */
  readonly mark: string
}

/** Starts a process as the person would, in a group of its own. */
export async function startUnconfined(ground: PlainGround, request: ProcessRequest): Promise<RunningProcess> {
  const side = await openPipe()
  const { child, streams } = await spawned(ground, request, side.read)
    .catch((error: NodeJS.ErrnoException) => {
      closeSync(side.write)
      throw error.code === "E2BIG" ? tooLong(error) : error
    })
    .finally(() => closeSync(side.read))
  const trace = { group: child.pid, mark: ground.mark, since: startOf(child.pid) }
  const gone = child.exited.then(async () => {
    await killRest(trace)
    return { exitCode: child.exitCode, signal: child.signalCode === null ? null : String(child.signalCode) }
  })
  const held = { signal: (name: NodeJS.Signals) => send(-child.pid, name), gone }
  return runningProcess({ held, streams, confinement: "none" }, async (exit) => {
    closeSync(side.write)
    return exit
  })
}

interface Spawned {
  readonly child: Bun.Subprocess
  readonly streams: Streams
}

async function spawned(ground: PlainGround, request: ProcessRequest, side: number): Promise<Spawned> {
  const { pty, onOutput } = request
  const { argv, ...options } = commandOf(ground, request)
  if (pty !== undefined) return inTerminal(pty, onOutput, (terminal) => spawnInTerminal(argv, options, terminal, side))
  const streams = await pipes(onOutput)
  try {
    return { child: Bun.spawn(argv, { ...options, stdio: [...streams.theirs, side], detached: true }), streams }
  } catch (error) {
    await streams.finish(0)
    throw error
  } finally {
    streams.handedOver()
  }
}

/** Only a terminal that is made with the process becomes that of its session. */
function spawnInTerminal(
  argv: string[],
  options: { cwd: string; env: Record<string, string> },
  terminal: Bun.TerminalOptions,
  side: number,
): Bun.Subprocess {
  return Bun.spawn(argv, { ...options, terminal, stdio: ["ignore", "ignore", "ignore", side] })
}

function inTerminal(
  size: TerminalSize,
  onOutput: OnOutput,
  spawn: (terminal: Bun.TerminalOptions) => Bun.Subprocess,
): Spawned {
  const made: Bun.Subprocess[] = []
  const streams = terminalStreams(size, onOutput, (options) => {
    const child = spawn(options)
    if (child.terminal === undefined) throw new Error("A process that is started in a terminal has one")
    made.push(child)
    return { terminal: child.terminal, signal: (name) => signalForeground(child.pid, name) }
  })
  const [child] = made
  if (child === undefined) throw new Error("A terminal is opened at once")
  return { child, streams }
}

/**
 * What ends everything when skein is gone, which it learns from descriptor 3: skein holds the other end. It stands outside
 * the process's family, hears no key of its terminal, and finds by their environment those that left the group too.
 */
const WATCHER = `
trap "" HUP INT QUIT TERM
read -r _ <&3
for round in 1 2; do
  for found in /proc/[0-9]*; do
    grep -qsa "SKEIN_COMMAND=$0" "$found/environ" && kill -KILL "\${found#/proc/}"
  done
done
kill -KILL 0`

const LINE = `
{ ( exec </dev/null >/dev/null 2>&1; unset SKEIN_COMMAND; /bin/sh -c '${WATCHER}' "$0" & ) ; }
exec "$@" 3<&-`

function commandOf(ground: PlainGround, request: ProcessRequest) {
  const clean = environmentOf(cleanEnvironment(ground.env, { isConfined: false }), request)
  const dressed = request.pty === undefined ? clean : { ...withoutQuiet(clean), ...IN_A_TERMINAL }
  return {
    argv: ["/bin/sh", "-c", LINE, ground.mark, ...programOf(request.command, ground.shell)],
    cwd: request.cwd,
    env: { ...dressed, ...request.env, SKEIN_COMMAND: ground.mark },
  }
}

function signalForeground(pid: number, name: NodeJS.Signals): boolean {
  const group = foregroundOf(pid)
  if (group === undefined) return false
  send(-group, name)
  return true
}
