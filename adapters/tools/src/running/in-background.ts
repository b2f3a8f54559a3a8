import type { ExecResult, ProcessFacts, RunContext, ToolResult } from "@skein/core/ports"

/** A command that runs, and may go on when nobody waits for it any more. */
export interface Movable {
  readonly command: string
  readonly confinement: string
  /** Everything it has said, and says. */
  onOutput(listener: (bytes: Uint8Array) => void): void
  readonly result: Promise<ExecResult>
  stop(): void
}

/** Makes a running command a process of the session. Throws ToolFailure where there are too many. */
export async function intoBackground(movable: Movable, context: RunContext): Promise<ProcessFacts> {
  const processes = await context.processes?.()
  if (processes === undefined) throw new Error("Moved only where processes may go on")
  const { result, ...command } = movable
  const ended = result.then(
    ({ exitCode, signal, artifact }) => ({ exitCode, signal, artifact }),
    // Whoever waited for the command's result is told why.
    () => ({ exitCode: null, signal: null }),
  )
  return processes.adopt({ ...command, ended })
}

/** What the model reads of a command that goes on: not what it says, which is read by its name. */
export function begunResult(
  { name, command, confinement }: ProcessFacts,
  { why, context }: { readonly why: string; readonly context: RunContext },
): ToolResult {
  const look = JSON.stringify({ action: "read", process: name })
  const told = `You are told when it ends. The tool process, by call_tool where it is not listed, works on it: ${look}, or wait, write, end.`
  const text = `${why} ${name}. ${told}${portsNote(context)}`
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "command", body: command, summary: `in the background as ${name}` },
    confinement,
    provenance: { source: "command", isTrusted: true },
  }
}

/** Commands are told to ask the proxy, which leads out of the sandbox, and no server in here is out there. */
export function portsNote({ network }: RunContext): string {
  return network === undefined ? "" : " Ports it opens are reached past the proxy, as with curl --noproxy '*'."
}

const EARLY_BYTES_MAX = 262_144

/** Keeps the newest of an output until somebody listens. */
export function earlyOutput() {
  let early: Uint8Array[] = []
  let size = 0
  let listener: ((bytes: Uint8Array) => void) | undefined
  return {
    take(bytes: Uint8Array): void {
      if (listener !== undefined) return listener(bytes)
      early.push(bytes)
      size += bytes.length
      while (size > EARLY_BYTES_MAX && early.length > 1) size -= early.shift()?.length ?? 0
    },
    onOutput(given: (bytes: Uint8Array) => void): void {
      listener = given
      for (const bytes of early) given(bytes)
      early = []
    },
  }
}
