// One command with 200 MB of output, in a process of its own, whose memory nothing else grows. Prints what it took.
import type { ArtifactsPort } from "@skein/core/ports"
import { testWorld } from "./world.ts"

let onDisk = 0
const counting: ArtifactsPort = {
  create: async () => ({
    write: (bytes) => {
      onDisk += bytes.length
    },
    close: async () => ({ id: "a", bytes: onDisk, path: "/a" }),
    discard: async () => undefined,
  }),
}
const sandbox = process.argv[2] === "workspace-write" ? "workspace-write" : "full-access"
const world = testWorld({ artifacts: counting })
try {
  const before = process.memoryUsage.rss()
  const { bytes, output } = await world.exec.run({
    command: "head -c 200000000 /dev/zero | tr '\\0' 'a'",
    cwd: world.workspace,
    sandbox,
    roots: [world.workspace],
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    bytesMax: 30_000,
  })
  console.log(JSON.stringify({ bytes, onDisk, shown: output.length, grownBytes: process.memoryUsage.rss() - before }))
} finally {
  world.cleanUp()
}
