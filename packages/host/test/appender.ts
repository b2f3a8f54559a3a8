import { writeSync } from "node:fs"
import { ToolFailure } from "@skein/core/ports"
import { localFiles } from "@skein/tools"
import { loadSupplant } from "../src/supplant.ts"

// A process of its own: an agent that adds lines to one file, and says which of them were acknowledged.
const [path = "", name = "", tries = "0"] = process.argv.slice(2)
const files = localFiles({ supplant: loadSupplant })
for (let round = 0; round < Number(tries); round++) {
  const line = `${name}${round}\n`
  try {
    const now = await files.read(path, { bytesMax: 10_000_000 })
    await files.replace(path, Buffer.concat([now.bytes, Buffer.from(line)]), now.sha256)
    writeSync(1, line)
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
  }
}
