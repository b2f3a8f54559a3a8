import { constants, openSync } from "node:fs"
import { dirname } from "node:path"
import { lock } from "../src/lock.ts"
import { LogIndex } from "../src/log-index.ts"
import { migrated } from "../src/migrate.ts"
import { repaired } from "../src/repair.ts"
import { scan } from "../src/scan.ts"
import { olderUpgrades } from "./version-zero.ts"

// Migrates the log at a path, and is killed after the named step.
const [path = "", step = ""] = process.argv.slice(2)
const fd = openSync(path, constants.O_RDWR | constants.O_APPEND)
await lock(fd)
const found = await scan(fd, path, { upgrades: olderUpgrades })
const held = repaired(fd, path, found, [dirname(path)], { index: new LogIndex(), keptSeq: 0 })
await migrated(held, 0, (reached) => {
  if (reached === step) process.kill(process.pid, "SIGKILL")
})
