import { constants } from "node:os"
import type { ProgramRequest, RunningProgram } from "@skein/codex"
import type { Host } from "@skein/host"

/** Runs what a client asks for, held as it asks; an environment's name is taken away by `env`, which then becomes the program. */
export async function startProgram(exec: Host["exec"], request: ProgramRequest): Promise<RunningProgram> {
  const { command, env, hasNetwork, ...rest } = request
  const without = Object.keys(env).filter((name) => env[name] === null)
  const running = await exec.start({
    ...rest,
    command: without.length === 0 ? command : ["env", ...without.flatMap((name) => ["-u", name]), "--", ...command],
    env: Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
    ...(hasNetwork ? { network: async () => ({ isAllowed: true, reason: "its client allows it" }) } : {}),
  })
  return {
    write: (bytes) => running.write(bytes),
    closeInput: () => running.closeInput(),
    resize: (columns, rows) => running.resize(columns, rows),
    kill: () => running.signal("SIGKILL"),
    exited: running.exited.then(({ exitCode, signal }) => ({ exitCode: exitCode ?? 128 + numberOf(signal) })),
  }
}

function numberOf(signal: string | null): number {
  return Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? constants.signals.SIGKILL
}
