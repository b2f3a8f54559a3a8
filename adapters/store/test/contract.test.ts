import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { cataloguePortContract, logsPortContract, memoryCatalogue, memoryLogs } from "@skein/testkit"
import { catalogue, logs } from "../src/index.ts"

const folders: string[] = []

function folder(): string {
  const dataDir = mkdtempSync(join(tmpdir(), "skein-store-"))
  folders.push(dataDir)
  return dataDir
}

function cleanUp(): void {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true })
}

logsPortContract("logs in files", () => logs({ dataDir: folder() }), cleanUp)
logsPortContract("logs in memory", memoryLogs)

cataloguePortContract(
  "a catalogue of files",
  () => {
    const dataDir = folder()
    return { logs: logs({ dataDir }), catalogue: catalogue({ dataDir }) }
  },
  cleanUp,
)
cataloguePortContract("a catalogue of memory", () => {
  const kept = memoryLogs()
  return { logs: kept, catalogue: memoryCatalogue(kept) }
})
