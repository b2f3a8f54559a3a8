/**
 * Runs commands as whoever starts it, in the sandbox, and prints what became of them as one JSON line. A program of its
 * own, because a test cannot change its user, and must not kill itself.
 */
import { memoryArtifacts } from "@skein/testkit"
import { exec } from "../src/index.ts"

export interface DriverTask {
  readonly base: string
  readonly commands: readonly string[]
  /** The workspace, and the one writable folder, unless given. */
  readonly cwd?: string
  readonly sandbox: "read-only" | "workspace-write" | "full-access"
}

const task = JSON.parse(process.argv[2] ?? "") as DriverTask
const workspace = `${task.base}/workspace`
const port = exec({
  artifacts: memoryArtifacts(),
  env: { ...process.env, HOME: `${task.base}/home`, DRIVER_PID: String(process.pid) },
  hidden: [`${task.base}/data`],
})
const outputs: string[] = []
for (const command of task.commands) {
  const result = await port.run({
    command,
    cwd: task.cwd ?? workspace,
    sandbox: task.sandbox,
    roots: [task.cwd ?? workspace],
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    bytesMax: 30_000,
    onOutput: (_, preview) => process.stderr.write(preview),
  })
  outputs.push(result.output)
}
port.close()
console.log(JSON.stringify(outputs))
