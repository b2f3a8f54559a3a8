import { writeSync } from "node:fs"
import { VERSION } from "./version.ts"

// The two words a script asks most are answered before anything else is loaded.
const [first, ...rest] = Bun.argv.slice(2)
if ((first === "--version" || first === "-V" || first === "-v") && rest.length === 0) {
  writeSync(1, `skein ${VERSION}\n`)
} else {
  const { main } = await import("./cli.ts")
  process.exit(await main(Bun.argv.slice(2)))
}
