import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { checkpointsPortContract, memoryCheckpoints } from "@skein/testkit"
import { checkpoints } from "../../src/index.ts"

checkpointsPortContract("checkpoints in files", () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "skein-checkpoints-")))
  const root = join(base, "work")
  mkdirSync(root)
  const port = checkpoints({ dataDir: join(base, "data"), home: "/home/nobody", now: Date.now })
  return {
    checkpoints: port,
    root,
    put: (path, text) => (text === null ? rmSync(path) : writeFileSync(path, text)),
    at: (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined),
    async cleanUp() {
      await port.idle()
      rmSync(base, { recursive: true })
    },
  }
})

checkpointsPortContract("checkpoints in memory", () => {
  const memory = memoryCheckpoints()
  return { checkpoints: memory, root: "/work", put: memory.put, at: memory.at }
})
