import { writeSync } from "node:fs"
import type { OnConflict, RestoreStep } from "@skein/core/ports"
import { checkpoints } from "../../src/index.ts"

// Watches or restores until it is ended, and says on stdout when it begins.
const [work = "", dataDir = "", root = "", steps = "[]"] = process.argv.slice(2)
const port = checkpoints({ dataDir, home: "/nonexistent", now: Date.now })
writeSync(1, "begins\n")
if (work === "watch") await port.watch({ sessionId: "ses_a", roots: [root], signal: new AbortController().signal })
else await port.restore(JSON.parse(steps) as RestoreStep[], "refuse" satisfies OnConflict)
await port.idle()
writeSync(1, "done\n")
