import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { logsPortContract, memoryLogs } from "@skein/testkit"
import { logs } from "../src/index.ts"

const folders: string[] = []

logsPortContract(
  "logs in files",
  () => {
    const dataDir = mkdtempSync(join(tmpdir(), "skein-store-"))
    folders.push(dataDir)
    return logs({ dataDir })
  },
  () => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  },
)

logsPortContract("logs in memory", memoryLogs)
