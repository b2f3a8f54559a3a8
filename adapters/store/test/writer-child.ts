import { writeSync } from "node:fs"
import { sessionEvents } from "@skein/testkit"
import { logs } from "../src/index.ts"

// Appends to ses_a until it is ended, and says on stdout after each acknowledgement up to where it goes: one line each.
const [dataDir = "", flushing = "some"] = process.argv.slice(2)
const port = logs({ dataDir })
const log = await port.open("ses_a").catch(() => port.create("ses_a"))
const all = sessionEvents("ses_a", 50_000, "w".repeat(100))
writeSync(1, `open ${log.events.length}\n`)
for (let seq = log.events.length; seq < all.length; ) {
  const count = 1 + (seq % 4)
  const isFlushed = flushing === "all" || (flushing === "some" && seq % 7 === 0)
  try {
    await log.append(all.slice(seq, seq + count), { flush: isFlushed })
  } catch (error) {
    writeSync(1, `refused ${error instanceof Error && "code" in error ? error.code : ""} ${String(error)}\n`)
    break
  }
  seq += count
  writeSync(1, `${seq}\n`)
}
// Until it is ended.
setInterval(() => {}, 60_000)
