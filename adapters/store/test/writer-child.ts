import { writeSync } from "node:fs"
import { sessionEvents } from "@skein/testkit"
import { logs } from "../src/index.ts"

// Appends to ses_a until it is ended, with a point now and then, and says on stdout after each acknowledgement up to
// where it goes: one line each.
const [dataDir = "", flushing = "some"] = process.argv.slice(2)
const port = logs({ dataDir })
const log = await port.open("ses_a").catch(() => port.create("ses_a"))
const all = sessionEvents("ses_a", 50_000, "w".repeat(100))
const start = (log.point?.seq ?? 0) + log.events.length
writeSync(1, `open ${start}\n`)
for (let seq = start; seq < all.length; ) {
  const count = 1 + (seq % 4)
  const isFlushed = flushing === "all" || (flushing === "some" && seq % 7 === 0)
  try {
    await log.append(all.slice(seq, seq + count), { flush: isFlushed })
  } catch (error) {
    writeSync(1, `refused ${error instanceof Error && "code" in error ? error.code : ""} ${String(error)}\n`)
    break
  }
  seq += count
  if (seq % 5 === 0) await log.savePoint({ seq, state: { folded: seq, text: "s".repeat(seq % 5000) } })
  writeSync(1, `${seq}\n`)
}
// Until it is ended.
setInterval(() => {}, 60_000)
