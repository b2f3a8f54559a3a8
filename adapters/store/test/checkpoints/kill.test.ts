import { expect, test } from "bun:test"
import { readdirSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { rounds } from "../scene.ts"
import { reversed, stateOf, undoing, workspace } from "./workspace.ts"

test("killed while it watches, it leaves nothing that blocks or misleads the next one", async () => {
  await using own = workspace()
  for (let n = 0; n < 400; n++) own.put(`d${n % 9}/f${n}`, `${n} `.repeat(100 + n))
  own.put("large", "x".repeat(2_000_000))
  const start = stateOf(own.root)
  for (let round = 0; round < rounds(6, 200); round++) await killed(round, ["watch", own.dataDir, own.root])

  const { changes } = await own.bash("rm -rf d* large")
  expect((await own.port.restore(undoing(changes), "refuse")).conflicts).toEqual([])
  expect(stateOf(own.root)).toEqual(start)
  // What was half made goes when it is old enough to be nobody's.
  await own.port.idle()
  const half = join(own.dataDir, "checkpoints", "tmp")
  for (const name of readdirSync(half)) utimesSync(join(half, name), 1_000, 1_000)
  const next = own.open()
  own.put("one more", "file")
  await (await next.watch({ sessionId: "ses_a", roots: [own.root], signal: new AbortController().signal })).settle()
  await next.idle()
  expect(readdirSync(half)).toEqual([])
}, 120_000)

test("killed while it restores, each file is old or new, and the same restore completes it", async () => {
  await using own = workspace()
  for (let n = 0; n < 60; n++) own.put(`d${n % 9}/f${n}`, `old ${n}`)
  const old = stateOf(own.root)
  const { changes } = await own.bash(
    "rm -rf d1 d2; for f in d*/*; do echo new > $f; done; mkdir -p n/m; echo made > n/m/o; chmod 600 d3/*; rm -rf d4; echo file > d4; chmod 555 d5",
  )
  const changed = stateOf(own.root)
  const steps = undoing(changes)
  let cutCount = 0
  // On a busy machine the first kills may all come too early or too late.
  for (let round = 0; round < rounds(8, 200) || (cutCount === 0 && round < 100); round++) {
    await killed(round, ["restore", own.dataDir, own.root, JSON.stringify(steps)])
    const now = stateOf(own.root)
    const mixed = Object.entries(now).filter(([name]) => !name.endsWith(".restoring"))
    const isOldOrNew = ([name, state]: [string, string]) =>
      state === old[name] || state === changed[name] || !state.startsWith("file")
    expect(mixed.filter((entry) => !isOldOrNew(entry))).toEqual([])
    if (JSON.stringify(now) !== JSON.stringify(old) && JSON.stringify(now) !== JSON.stringify(changed)) cutCount += 1
    expect((await own.port.restore(steps, "refuse")).conflicts).toEqual([])
    expect(stateOf(own.root)).toEqual(old)
    await own.port.restore(reversed(steps), "refuse")
    expect(stateOf(own.root)).toEqual(changed)
  }
  expect(cutCount).toBeGreaterThan(0)
}, 120_000)

/** Runs the child and ends it a little later each round, up to where it is done by itself. */
async function killed(round: number, args: readonly string[]): Promise<void> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "kill-child.ts"), ...args], { stdout: "pipe" })
  const reader = child.stdout.getReader()
  await reader.read()
  await Bun.sleep(4 + (round % 20) * 6)
  child.kill("SIGKILL")
  await child.exited
}
