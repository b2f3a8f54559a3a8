/**
 * Starts one lasting process as a user and stays until it is killed. A program of its own, because a test cannot change
 * its user, and must not kill itself.
 */
import type { Sandbox } from "@skein/protocol"
import { memoryArtifacts } from "@skein/testkit"
import { exec } from "../src/index.ts"

export interface ProcessTask {
  readonly base: string
  readonly sandbox: Sandbox
  readonly command: string
  readonly isInTerminal: boolean
  readonly uid: number
}

const task = JSON.parse(process.argv[2] ?? "") as ProcessTask
if (process.getuid?.() === 0 && task.uid !== 0) {
  process.setgid?.(task.uid)
  process.setuid?.(task.uid)
}
const workspace = `${task.base}/workspace`
const port = exec({ artifacts: memoryArtifacts(), env: { ...process.env, HOME: `${task.base}/home` } })
await port.start({
  ...{ command: task.command, cwd: workspace, sandbox: task.sandbox, roots: [workspace] },
  ...(task.isInTerminal ? { pty: { columns: 80, rows: 24 } } : {}),
  onOutput: () => undefined,
})
setInterval(() => undefined, 60_000)
