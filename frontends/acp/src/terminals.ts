import { type TerminalAnswer, TerminalRequest } from "@skein/protocol"
import { read, TerminalCreated, TerminalExit, TerminalOutput } from "./params.ts"
import type { Json } from "./rpc.ts"

export interface TerminalsOfClient {
  readonly sessionId: string
  /** A path as the client names it. */
  readonly named: (path: string) => string
  ask(method: string, params: Json): Promise<unknown>
  /** The call's own terminal is there to be looked at. */
  onCreated(callId: string, terminalId: string): void
  /** Aborts when the call is over: then whatever runs in the terminal is ended. */
  readonly over: AbortSignal
  /** For stderr. */
  readonly warn: (text: string) => void
}

/** Runs a command in a terminal of the client, and lets go of the terminal whatever happens. Rejects with RpcError. */
export async function runInTerminal(payload: unknown, client: TerminalsOfClient): Promise<TerminalAnswer> {
  const { callId, command, cwd, timeoutMs, outputBytesMax } = TerminalRequest().parse(payload)
  const { sessionId, named, ask, onCreated, over } = client
  const line = { command: "bash", args: ["-c", command], env: [], cwd: named(cwd), outputByteLimit: outputBytesMax }
  const { terminalId } = read(TerminalCreated, await ask("terminal/create", { sessionId, ...line }))
  const terminal = { sessionId, terminalId }
  try {
    onCreated(callId, terminalId)
    const exited = ask("terminal/wait_for_exit", terminal)
    const isTimedOut = (await first(exited, timeoutMs, over)) === "late"
    if (isTimedOut || over.aborted) await ask("terminal/kill", terminal)
    const isEnded = (await first(exited, KILL_MS, NEVER)) === "exited"
    const { exitCode, signal } = isEnded ? read(TerminalExit, await exited) : {}
    const { output, truncated } = read(TerminalOutput, await ask("terminal/output", terminal))
    return {
      ...{ output, isTruncated: truncated },
      ...(exitCode == null ? {} : { exitCode }),
      ...(signal == null ? {} : { signal }),
      ...(isTimedOut ? { isTimedOut } : {}),
    }
  } finally {
    // How the command ended is known by then, and a client that cannot let go of the terminal takes nothing of that away.
    await ask("terminal/release", terminal).catch((error: unknown) =>
      client.warn(`A terminal was not let go of: ${String(error)}`),
    )
  }
}

/** How long a client may take to end what it was told to end. */
const KILL_MS = 5_000
const NEVER = new AbortController().signal

/** Which comes first. What goes wrong with the waiting is the waiting's own. */
async function first(exited: Promise<unknown>, timeoutMs: number, over: AbortSignal): Promise<"exited" | "late"> {
  const { promise, resolve } = Promise.withResolvers<"exited" | "late">()
  const timer = setTimeout(() => resolve("late"), timeoutMs)
  const ended = () => resolve("exited")
  over.addEventListener("abort", ended, { once: true })
  if (over.aborted) ended()
  exited.then(ended, ended)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    over.removeEventListener("abort", ended)
  }
}
