import { expect, test } from "bun:test"
import { existsSync, readdirSync, renameSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { PathChange } from "@skein/protocol"
import { rounds } from "../scene.ts"
import { bash, DIRTY_REPOSITORY, stateOf, workspace } from "./workspace.ts"

const SCRIPT = `
  echo changed > kept; rm gone; mkdir -p new/deep; echo made > new/deep/file; chmod 700 mode; ln -sfn elsewhere link
  rm -rf folder; echo file > folder; mv moved away; printf 'x\\0y' > binary
`

test("what a command had done when skein was killed is seen by the next process, and comes back exactly", async () => {
  await using own = workspace()
  await bash(own.root, `${SETTING}${DIRTY_REPOSITORY}`)
  const start = stateOf(own.root)
  await killedIn(own, `${SCRIPT} git add -A; git commit -qm more; rm -rf src`)

  const next = own.open()
  const left = await next.leftBehind?.("ses_a")
  const names = left?.changes
    .map(({ path }) => path.slice(own.root.length + 1))
    .filter((name) => !/^(\.git|src)/.test(name))
  expect(names).toEqual([
    ...["away", "binary", "folder", "folder/in", "gone", "kept", "link", "mode", "moved"],
    ...["new", "new/deep", "new/deep/file"],
  ])
  // Asked again it says the same: nothing is forgotten before it is in a log.
  expect((await own.open().leftBehind?.("ses_a"))?.changes).toEqual(left?.changes ?? [])

  const steps = uncertain(left?.changes ?? [])
  const refused = await next.restore(steps, "refuse").catch((error: unknown) => String(error))
  expect(refused).toContain("kept: skein was killed while a command could change it")
  await next.restore(steps, "merge")
  await next.restore(steps, "skip")
  expect(own.read("kept")).toBe("changed\n")
  await next.restore(steps, "overwrite")
  expect(stateOf(own.root)).toEqual(start)

  left?.recorded()
  expect(marks(own)).toEqual([])
  expect(await next.leftBehind?.("ses_a")).toBeUndefined()
})

test("a file that was changed again after it was looked at is named as such", async () => {
  await using own = workspace()
  await bash(own.root, SETTING)
  await killedIn(own, SCRIPT)
  const steps = uncertain((await own.port.leftBehind?.("ses_a"))?.changes ?? [])
  own.put("kept", "the person's")
  const refused = await own.port.restore(steps, "refuse").catch((error: unknown) => String(error))
  expect(refused).toContain("kept: it was changed since")
  expect(own.read("kept")).toBe("the person's")
})

test("paths that a call names are found as well, also where there was nothing, and where nothing else is watched", async () => {
  await using own = workspace()
  own.put("out/there", "old", 0o640)
  for (const name of ["out/there", "out/new/deep/file"]) {
    const start = stateOf(own.root)
    await killedIn(own, `mkdir -p $(dirname ${name}); echo x > ${name}; echo beside > beside`, own.at(name))
    const left = await own.open().leftBehind?.("ses_a")
    expect(left?.changes.map(({ path }) => path).at(-1)).toBe(own.at(name))
    await own.open().restore(uncertain(left?.changes ?? []), "overwrite")
    expect({ ...stateOf(own.root), beside: "" }).toEqual({ ...start, beside: "" })
    left?.recorded()
  }
})

test("trees of many files are told from what is on disk, whether little or much was changed before the call", async () => {
  await using own = workspace()
  for (let n = 0; n < 2_100; n++) own.put(`d${n % 50}/f${n}`, `${n}`)
  for (const before of ["", "echo more > d1/f1", "rm -rf d2; echo > d3/new", "for f in d*/*; do echo x >> $f; done"]) {
    const said = await killedIn(own, "rm -rf d4; echo y > d7/y; echo z > d8/f8", "", before)
    const start = JSON.parse(said.split("\n")[1] ?? "") as Record<string, string>
    const left = await own.open().leftBehind?.("ses_a")
    const restored = await own.port.restore(uncertain(left?.changes ?? []), "overwrite")
    expect(restored.conflicts).toEqual([])
    expect(stateOf(own.root)).toEqual(start)
  }
}, 60_000)

test("a call that is over leaves nothing, and what an earlier process had left goes with the next call of the session", async () => {
  await using own = workspace()
  await bash(own.root, SETTING)
  await killedIn(own, "echo x > x")
  expect(marks(own)).toHaveLength(2)
  const watch = await own.port.watch({ sessionId: "ses_a", roots: [own.root], signal: new AbortController().signal })
  expect(marks(own)).toHaveLength(2)
  const beside = await own.port.watch({ sessionId: "ses_b", roots: [own.root], signal: new AbortController().signal })
  expect(marks(own)).toHaveLength(4)
  await watch.settle()
  watch.recorded?.()
  await beside.settle()
  beside.recorded?.()
  expect(marks(own)).toEqual([])
})

test("killed at any moment while it begins to watch, it leaves what can be compared, or nothing", async () => {
  await using own = workspace()
  for (let n = 0; n < 300; n++) own.put(`d${n % 9}/f${n}`, `${n} `.repeat(100))
  for (let round = 0; round < rounds(6, 200); round++) {
    const child = start(own, "watch")
    await said(child, "begins")
    await Bun.sleep((round % 20) * 6)
    child.kill("SIGKILL")
    await child.exited
    const left = await own.open().leftBehind?.("ses_a")
    expect(left === undefined || (left.changes.length === 0 && left.notCovered.length === 0)).toBe(true)
  }
}, 120_000)

test("a folder that is another one now, and a mark that is damaged, change nothing and are told", async () => {
  await using own = workspace()
  await bash(own.root, SETTING)
  await killedIn(own, "echo x > x")
  renameSync(own.root, `${own.root}-moved`)
  const none = { changes: [], notCovered: [expect.stringContaining("is not the folder any more")] }
  expect(await own.open().leftBehind?.("ses_a")).toMatchObject(none)
  renameSync(`${own.root}-moved`, own.root)

  const base = marks(own).find((name) => name.includes("base")) ?? ""
  writeFileSync(join(watching(own), base), "torn")
  const damaged = { changes: [], notCovered: [expect.stringContaining("damaged or gone")] }
  expect(await own.open().leftBehind?.("ses_a")).toMatchObject(damaged)
  for (const name of marks(own)) writeFileSync(join(watching(own), name), "torn")
  expect(await own.open().leftBehind?.("ses_a")).toBeUndefined()
})

test("marks of sessions that nobody came back to go after a month, and what is left of unfinished ones at once", async () => {
  await using own = workspace()
  own.put("a", "a")
  await killedIn(own, "echo x > x")
  const stray = "ses_b.1999999999-0.base-0"
  writeFileSync(join(watching(own), stray), "")
  await swept(own, 1)
  expect(marks(own)).toHaveLength(2)
  const mark = marks(own).find((name) => !name.includes("base")) ?? ""
  utimesSync(join(watching(own), mark), 1_000, 1_000)
  await swept(own, 2)
  await swept(own, 3)
  expect(marks(own)).toEqual([])
})

const SETTING = `
  echo old > kept; echo gone > gone; echo m > mode; chmod 604 mode; ln -s target link; mkdir folder; echo in > folder/in
  echo moved > moved; printf '\\0' > binary;
`

type Workspace = ReturnType<typeof workspace>

/** A call that runs a script to its end, in a process that is killed before it sees that. */
async function killedIn(own: Workspace, script: string, path = "", earlier = ""): Promise<string> {
  const child = start(own, "call", script, path, earlier)
  const text = await said(child, "did")
  child.kill("SIGKILL")
  await child.exited
  return text
}

function start({ dataDir, root }: Workspace, ...[work = "", ...more]: string[]) {
  return Bun.spawn([process.execPath, join(import.meta.dir, "kill-child.ts"), work, dataDir, root, ...more], {
    stdout: "pipe",
  })
}

async function said(child: ReturnType<typeof start>, word: string): Promise<string> {
  let text = ""
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
  while (!text.includes(`${word}\n`)) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`It ended without ${word}: ${text}`)
    text += value
  }
  return text
}

function uncertain(changes: readonly PathChange[]) {
  return changes.map(({ path, before, after }) => ({
    ...{ path, expected: after, target: before },
    ...{ isInterrupted: true, isUncertain: true },
  }))
}

/** Keeping something new, a process measures the store and clears it. */
async function swept(own: Workspace, nth: number): Promise<void> {
  own.put(`new${nth}`, `${nth}`)
  const port = own.open()
  const watch = await port.watch({ sessionId: "ses_c", roots: [own.root], signal: new AbortController().signal })
  await watch.settle()
  watch.recorded?.()
  await port.idle()
}

function watching({ dataDir }: Workspace): string {
  return join(dataDir, "checkpoints", "watching")
}

function marks(own: Workspace): string[] {
  return existsSync(watching(own)) ? readdirSync(watching(own)).sort() : []
}
