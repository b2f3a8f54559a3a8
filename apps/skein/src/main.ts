import { VERSION } from "./version.ts"

// The two words a script asks most are answered before anything else is loaded.
const [first, ...rest] = Bun.argv.slice(2)
if ((first === "--version" || first === "-V" || first === "-v") && rest.length === 0) {
  // Not by node:fs, which takes a millisecond and three megabytes to load.
  console.log(`skein ${VERSION}`)
} else {
  const { main } = await import("./cli.ts")
  process.exit(await main(Bun.argv.slice(2)))
}
