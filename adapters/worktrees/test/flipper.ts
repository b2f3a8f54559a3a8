import { renameSync, rmSync, symlinkSync, unlinkSync } from "node:fs"

// A process of its own: swaps a folder for a link to another one and back, as fast as it can, until it is ended. Now and
// then it rests, so that something can also be written whole.
const [folder = "", other = ""] = process.argv.slice(2)
console.log("ready")
for (let count = 1; ; count++) {
  if (count % 100 === 0) Bun.sleepSync(2)
  renameSync(folder, `${folder}.away`)
  repeat(() => symlinkSync(other, folder))
  unlinkSync(folder)
  repeat(() => renameSync(`${folder}.away`, folder))
}

/** Whoever found no folder there may have made one by now. */
function repeat(step: () => void): void {
  for (;;) {
    try {
      return step()
    } catch {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
