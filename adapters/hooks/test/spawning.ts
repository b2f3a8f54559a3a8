import { type ProcessesPort, type ProcessRequest, ToolFailure } from "@skein/core/ports"

export interface Spawning extends ProcessesPort {
  /** Everything that was started, oldest first. */
  readonly requests: readonly ProcessRequest[]
  /** How many processes have not ended. */
  running(): number
}

/** Real processes in groups of their own, which nothing holds: what holds them is the sandbox's, and tested there. */
export function spawning(): Spawning {
  const requests: ProcessRequest[] = []
  let running = 0
  return {
    requests,
    running: () => running,
    async start(request) {
      requests.push(request)
      const argv =
        typeof request.command === "string" ? ["/bin/bash", "--norc", "-c", request.command] : [...request.command]
      const env = { PATH: process.env.PATH ?? "", ...request.env }
      const stdio = ["pipe", "pipe", "pipe"] as const
      const child = Bun.spawn(argv, { cwd: request.cwd, env, stdio: [...stdio], detached: true })
      running += 1
      const group = (name: NodeJS.Signals) => {
        try {
          process.kill(-child.pid, name)
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error
        }
      }
      const read = async (stream: ReadableStream<Uint8Array>, name: "stdout" | "stderr") => {
        for await (const bytes of stream) request.onOutput(bytes, name)
      }
      const reading = Promise.all([read(child.stdout, "stdout"), read(child.stderr, "stderr")])
      const exited = (async () => {
        await child.exited
        group("SIGKILL")
        running -= 1
        await reading
        return { exitCode: child.exitCode, signal: child.signalCode === null ? null : String(child.signalCode) }
      })()
      return {
        confinement: "none",
        async write(bytes) {
          try {
            child.stdin.write(bytes)
            await child.stdin.flush()
          } catch (cause) {
            throw new ToolFailure("It does not read its input any more.", { cause })
          }
        },
        closeInput: () => void child.stdin.end(),
        resize: () => undefined,
        signal: group,
        exited,
        async end() {
          group("SIGTERM")
          await Promise.race([exited, Bun.sleep(200)])
          group("SIGKILL")
          return exited
        },
      }
    },
  }
}
