import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import type { FileVersion } from "@skein/protocol"
import { checkpoints } from "@skein/store"
import { localFiles } from "@skein/tools"
import { loadQuietly, loadSupplant } from "../src/supplant.ts"

const rounds = process.env.SKEIN_SOAK === undefined ? 100 : 1_000
const hash = (text: string) => Bun.CryptoHasher.hash("sha256", text, "hex")
const now = () => performance.timeOrigin + performance.now()

let folder = ""
let path = ""
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "skein-moment-")))
  path = join(folder, "work")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe.each(["rename", "in place"])("an editor that saves by %s", (how) => {
  test("loses nothing to a write at the same moment", async () => {
    const files = localFiles({ supplant: loadSupplant })
    const write = (base: string) => files.replace(path, Buffer.from("ours"), hash(base))
    expect(await lost(how, write)).toEqual([])
  }, 60_000)

  test("loses nothing to a restore at the same moment", async () => {
    expect(await lost(how, await restoring("old"))).toEqual([])
  }, 60_000)

  test("loses nothing to a restore that deletes at the same moment", async () => {
    expect(await lost(how, await restoring(null))).toEqual([])
  }, 60_000)
})

test("of two processes that add lines to one file none loses one that was acknowledged", async () => {
  writeFileSync(path, "")
  const said = await Promise.all(["a", "b"].map((name) => appended(name, rounds)))
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
  expect(said.flat().filter((line) => !lines.includes(line))).toEqual([])
  expect(said.map((each) => each.length > 0)).toEqual([true, true])
}, 60_000)

/** Takes "base …" at the path back to the target. */
async function restoring(target: string | null): Promise<(base: string) => Promise<unknown>> {
  const port = checkpoints({
    dataDir: join(folder, "data"),
    home: "/nonexistent",
    now: Date.now,
    supplant: loadSupplant,
    quietly: loadQuietly,
  })
  const signal = new AbortController().signal
  if (target !== null) {
    writeFileSync(path, target, { mode: 0o644 })
    const watch = await port.watch({ sessionId: "ses_a", roots: [folder], paths: [path], signal })
    writeFileSync(path, "base")
    await watch.settle()
  }
  const version = (text: string): FileVersion => {
    return { kind: "file", sha256: hash(text), bytes: text.length, mode: 0o644, isKept: true }
  }
  return async (base) => {
    const step = { path, expected: version(base), target: target === null ? null : version(target) }
    const { conflicts } = await port.restore([step], "skip")
    if (conflicts.length > 0) throw new ToolFailure(conflicts.map(({ reason }) => reason).join())
  }
}

/**
 * Rounds in which the work and an editor meet, the editor a little later when it came too early and the other way round,
 * so that most meet within the microseconds that count. What the editor saved is to stand there at the end of each.
 */
async function lost(how: string, work: (base: string) => Promise<unknown>): Promise<string[]> {
  const editor = Bun.spawn([process.execPath, join(import.meta.dir, "editor.ts"), path, how], { stdin: "pipe" })
  const output = editor.stdout.getReader()
  await output.read()
  const found: string[] = []
  let [delayMs, refusals] = [4, 0]
  for (let round = 0; round < rounds; round++) {
    const base = `base ${round}`
    writeFileSync(path, base, { mode: 0o644 })
    const start = now() + 1
    editor.stdin.write(`edit${round} ${start + delayMs}\n`)
    await editor.stdin.flush()
    while (now() < start);
    const isDone = await work(base).then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof ToolFailure)) throw error
        return false
      },
    )
    await output.read()
    if (readFileSync(path, "utf8") !== `edit${round}`) found.push(`edit${round}`)
    if (!isDone) refusals += 1
    delayMs = Math.max(0, delayMs + (isDone ? -1 : 1) * Math.random() * (round < 20 ? 1 : 0.1))
  }
  editor.kill("SIGKILL")
  await editor.exited
  expect([refusals > 0, refusals < rounds]).toEqual([true, true])
  expect(readdirSync(folder).filter((name) => name.startsWith(".skein-"))).toEqual([])
  return found
}

async function appended(name: string, tries: number): Promise<string[]> {
  const args = [join(import.meta.dir, "appender.ts"), path, name, `${tries}`]
  const child = Bun.spawn([process.execPath, ...args], { stderr: "inherit" })
  const text = await new Response(child.stdout).text()
  expect(await child.exited).toBe(0)
  return text.split("\n").filter(Boolean)
}
