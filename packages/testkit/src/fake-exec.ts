import type { Confinement, ExecPort, ExecRequest, ExecResult } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"

/** What a scripted command comes to; what is left out is that of a command that did well and said nothing. */
export type FakeCommand = Partial<Omit<ExecResult, "bytes">> & { readonly bytes?: number | undefined }

export interface FakeExec extends ExecPort {
  /** Everything that was asked to run, oldest first. */
  readonly requests: readonly ExecRequest[]
}

/**
 * An ExecPort that starts nothing: it answers by command line, and a command it was not told about ends with 127, as in
 * a shell. An answer may be a function of the request. Arguments given as a list are joined by spaces.
 */
export function fakeExec(
  commands: Readonly<Record<string, FakeCommand | ((request: ExecRequest) => FakeCommand | Promise<FakeCommand>)>>,
  given: Confinement = { kind: "confined", by: "a test" },
): FakeExec {
  const requests: ExecRequest[] = []
  return {
    requests,
    confinement: async () => given,
    async run(request) {
      if (given.kind === "unavailable") throw new SkeinError("sandbox.unavailable", `${given.reason} ${given.cure}`)
      requests.push(request)
      const line = typeof request.command === "string" ? request.command : request.command.join(" ")
      const scripted = commands[line] ?? { exitCode: 127, output: `${line}: command not found\n` }
      const answer = typeof scripted === "function" ? await scripted(request) : scripted
      const output = answer.output ?? ""
      const bytes = answer.bytes ?? new TextEncoder().encode(output).length
      if (bytes > 0) request.onOutput?.(bytes, output)
      return { ...QUIET_SUCCESS, ...answer, output, bytes }
    },
  }
}

const QUIET_SUCCESS: Omit<ExecResult, "output" | "bytes"> = {
  exitCode: 0,
  signal: null,
  isTimedOut: false,
  durationMs: 1,
  isGroupLeftBehind: false,
}
