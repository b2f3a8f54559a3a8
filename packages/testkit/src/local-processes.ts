import type { ProcessesPort, ProcessRequest, RunningProcess } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"

/** Processes of this machine, unconfined: what the port promises, and who was started. */
export function localProcesses() {
  const started: { readonly request: ProcessRequest; readonly pid: number; isRunning: boolean }[] = []
  const port: ProcessesPort = {
    async start(request) {
      const argv = typeof request.command === "string" ? ["/bin/sh", "-c", request.command] : [...request.command]
      const given = request.environment === "minimal" ? { PATH: process.env.PATH ?? "" } : process.env
      const env = { ...given, ...request.env }
      const child = Bun.spawn(argv, { cwd: request.cwd, env, stdio: ["pipe", "pipe", "pipe"], detached: true })
      const fact = { request, pid: child.pid, isRunning: true }
      started.push(fact)
      const reading = [
        read(child.stdout, (bytes) => request.onOutput(bytes, "stdout")),
        read(child.stderr, (bytes) => request.onOutput(bytes, "stderr")),
      ]
      const exited = child.exited.then(async () => {
        killGroup(child.pid)
        await Promise.all(reading)
        fact.isRunning = false
        return { exitCode: child.exitCode, signal: child.signalCode === null ? null : String(child.signalCode) }
      })
      return {
        confinement: "none",
        async write(bytes) {
          if (!fact.isRunning) throw new ToolFailure("It has ended.")
          child.stdin.write(bytes)
          await child.stdin.flush()
        },
        closeInput: () => void child.stdin.end(),
        resize() {},
        signal: (name) => void process.kill(-child.pid, name),
        exited,
        end: () => {
          killGroup(child.pid)
          return exited
        },
      } satisfies RunningProcess
    },
  }
  return { port, started, running: () => started.filter(({ isRunning }) => isRunning) }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL")
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error
  }
}

async function read(stream: ReadableStream<Uint8Array>, onBytes: (bytes: Uint8Array) => void): Promise<void> {
  for await (const bytes of stream) onBytes(bytes)
}
