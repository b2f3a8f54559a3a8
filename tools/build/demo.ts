// Makes dist/skein when its sources have changed and runs its offline demo: `npm run demo`.
import { BINARY, ensureBinary, hasApplication } from "./src/binary.ts"

if (!hasApplication()) {
  console.error("There is no apps/skein/src/main.ts, so there is nothing to show yet.")
  process.exit(1)
}
if ((await ensureBinary()) === "made") console.error("Compiled dist/skein.")
const child = Bun.spawn([BINARY, "demo", ...process.argv.slice(2)], { stdio: ["inherit", "inherit", "inherit"] })
// Ctrl+C reaches the child as well; it decides what that means.
process.on("SIGINT", () => {})
process.on("SIGTERM", () => child.kill("SIGTERM"))
process.exit(await child.exited)
