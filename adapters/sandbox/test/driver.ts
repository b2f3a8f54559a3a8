/**
 * Runs commands as whoever starts it, in the sandbox, and prints what became of them as one JSON line. A program of its
 * own, because a test cannot change its user, and must not kill itself.
 */
import type { ResourceBounds } from "@skein/core/ports"
import { memoryArtifacts } from "@skein/testkit"
import { exec } from "../src/index.ts"

export interface DriverTask {
  readonly base: string
  /** What is `outside` runs in no sandbox, as the person's own programs do. */
  readonly commands: readonly (string | { readonly outside: string })[]
  /** The workspace, and the one writable folder, unless given. */
  readonly cwd?: string
  readonly sandbox: "read-only" | "workspace-write" | "full-access"
  /** At once, not one after the other. */
  readonly isTogether?: boolean
  readonly bounds?: ResourceBounds
  /** As on a machine without bubblewrap. */
  readonly isWithoutBubblewrap?: boolean
}

const task = JSON.parse(process.argv[2] ?? "") as DriverTask
const workspace = `${task.base}/workspace`
const port = exec({
  artifacts: memoryArtifacts(),
  env: { ...process.env, HOME: `${task.base}/home`, DRIVER_PID: String(process.pid) },
  hidden: [`${task.base}/data`],
  ...(task.bounds === undefined ? {} : { bounds: task.bounds }),
  ...(task.isWithoutBubblewrap === true ? { bwrapPath: `${task.base}/nowhere` } : {}),
})
const run = async (command: DriverTask["commands"][number]) => {
  if (typeof command !== "string") return Bun.spawnSync(["/bin/sh", "-ec", command.outside]).stdout.toString()
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
  return result.output
}
const outputs: string[] = []
if (task.isTogether === true) outputs.push(...(await Promise.all(task.commands.map(run))))
else for (const command of task.commands) outputs.push(await run(command))
port.close()
console.log(JSON.stringify(outputs))
