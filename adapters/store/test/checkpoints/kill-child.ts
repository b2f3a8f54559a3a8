import { writeSync } from "node:fs"
import type { OnConflict, RestoreStep } from "@skein/core/ports"
import { checkpoints } from "../../src/index.ts"
import { bash, stateOf } from "./workspace.ts"

// Watches or restores until it is ended, and says on stdout when it begins. `call` runs a command that is
// seen to end, says how the tree stands, runs another, and waits to be killed.
const [work = "", dataDir = "", root = "", given = "[]", path = "", earlier = ""] = process.argv.slice(2)
const port = checkpoints({ dataDir, home: "/nonexistent", now: Date.now })
const scope = { sessionId: "ses_a", roots: [root], signal: new AbortController().signal } as const
writeSync(1, "begins\n")
if (work === "watch") await port.watch(scope)
else if (work === "call") {
  const before = await port.watch(scope)
  await bash(root, earlier)
  await before.settle()
  before.recorded?.()
  writeSync(1, `${JSON.stringify(stateOf(root))}\n`)
  await port.watch(path === "" ? scope : { ...scope, paths: [path] })
  await bash(root, given)
  writeSync(1, "did\n")
  await Promise.withResolvers<void>().promise
} else await port.restore(JSON.parse(given) as RestoreStep[], "refuse" satisfies OnConflict)
await port.idle()
writeSync(1, "done\n")
