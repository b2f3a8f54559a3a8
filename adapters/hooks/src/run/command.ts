import type { HookEvent, ProcessesPort, RunningProcess } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import { type Sandbox, SkeinError } from "@skein/protocol"
import { type Answer, answerOf, bounded } from "./answer.ts"

export interface CommandCall {
  readonly event: HookEvent
  /** A shell line, or a program and its arguments. */
  readonly command: string | readonly string[]
  /** Absolute. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly sandbox: Sandbox
  readonly roots: readonly string[]
  readonly stdin: string
  readonly timeoutMs: number
  /** What outlives the answer is ended beside the turn; whoever closes waits for it. */
  readonly onEnding: (ended: Promise<unknown>) => void
}

export type Ran =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "timed_out" }
  | { readonly kind: "stopped" }

/** Runs one command with what is said to it on stdin. Never rejects, and answers at the latest when its time is over. */
export async function runCommand(processes: ProcessesPort, call: CommandCall, signal: AbortSignal): Promise<Ran> {
  const ended = Promise.withResolvers<Ran>()
  const timer = setTimeout(() => ended.resolve({ kind: "timed_out" }), call.timeoutMs)
  const onAbort = () => ended.resolve({ kind: "stopped" })
  signal.addEventListener("abort", onAbort, { once: true })
  if (signal.aborted) onAbort()
  const output = outputs(() => ended.resolve({ kind: "answer", answer: { failed: TOO_MUCH } }))
  const starting = started(processes, call, output)
  // What was still being started when the time was over is ended too.
  const run = starting.then(async (running) =>
    typeof running === "string" ? failed(running) : exitOf(running, call, output),
  )
  try {
    const ran = await Promise.race([run, ended.promise])
    if (output.isTooMuch()) return { kind: "answer", answer: { failed: TOO_MUCH } }
    return ran
  } finally {
    clearTimeout(timer)
    signal.removeEventListener("abort", onAbort)
    call.onEnding(starting.then((running) => (typeof running === "string" ? undefined : running.end())))
  }
}

const STDOUT_BYTES_MAX = 1_000_000
const STDERR_BYTES_MAX = 64_000
const TOO_MUCH = "It printed more than 1 MB, so it was ended and nothing of it counts."

function failed(why: string): Ran {
  return { kind: "answer", answer: { failed: why } }
}

async function started(
  processes: ProcessesPort,
  { command, cwd, env, sandbox, roots }: CommandCall,
  output: Outputs,
): Promise<RunningProcess | string> {
  try {
    return await processes.start({
      ...{ command: typeof command === "string" ? withBackground(command) : command, cwd, env, sandbox, roots },
      onOutput: output.add,
    })
  } catch (error) {
    if (error instanceof SkeinError || error instanceof ToolFailure) return `It could not be started: ${error.message}`
    throw error
  }
}

/**
 * What a line put behind itself with `&` gets a second to be done: with its shell the rest of its group is ended, and many
 * hooks send word of something that way. The exit code stays that of the line.
 */
function withBackground(line: string): string {
  const wait = 'for _ in 1 2 3 4 5 6 7 8 9 10; do [ -z "$(jobs -p)" ] && break; sleep 0.1; jobs >/dev/null 2>&1; done'
  return `trap '${wait}' EXIT\n${line}`
}

async function exitOf(running: RunningProcess, call: CommandCall, output: Outputs): Promise<Ran> {
  const written = running
    .write(new TextEncoder().encode(call.stdin))
    // One that does not read what it is told may still answer.
    .catch((error: unknown) => {
      if (!(error instanceof ToolFailure)) throw error
    })
    .finally(() => running.closeInput())
  const [{ exitCode, signal }] = await Promise.all([running.exited, Promise.race([written, running.exited])])
  const said = bounded(output.stderr().trim())
  if (exitCode === 0) return { kind: "answer", answer: answerOf(call.event, output.stdout()) }
  if (exitCode === 2) return { kind: "answer", answer: { blocks: said === "" ? "The hook gave no reason." : said } }
  const how = exitCode === null ? `It was ended by ${signal ?? "a signal"}` : `It ended with exit code ${exitCode}`
  return failed(said === "" ? `${how}.` : `${how}: ${said}`)
}

interface Outputs {
  readonly add: (bytes: Uint8Array, stream: "stdout" | "stderr") => void
  stdout(): string
  stderr(): string
  isTooMuch(): boolean
}

function outputs(onTooMuch: () => void): Outputs {
  const kept = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] }
  const bytes = { stdout: 0, stderr: 0 }
  const most = { stdout: STDOUT_BYTES_MAX, stderr: STDERR_BYTES_MAX }
  const text = (stream: "stdout" | "stderr") => new TextDecoder().decode(Buffer.concat(kept[stream]))
  return {
    add(chunk, stream) {
      const room = Math.max(0, most[stream] - bytes[stream])
      if (room > 0) kept[stream].push(chunk.slice(0, room))
      bytes[stream] += chunk.length
      if (bytes.stdout > STDOUT_BYTES_MAX) onTooMuch()
    },
    stdout: () => text("stdout"),
    stderr: () => text("stderr"),
    isTooMuch: () => bytes.stdout > STDOUT_BYTES_MAX,
  }
}
