import { afterAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { applied, type Write } from "../src/merge/apply.ts"
import { type Version, versionAt } from "../src/merge/version.ts"

const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-swapped-")))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const TRIES = process.env.SKEIN_SOAK === "1" ? 500 : 40
const NONE: Version = { kind: "none" }
const file = (text: string): Version => ({ kind: "file", bytes: new TextEncoder().encode(text), isExecutable: false })
const WRITES: readonly Write[] = [
  { path: "a/evil", before: NONE, after: file("evil") },
  ...Array.from({ length: 20 }, (_, at) => ({ path: `b/${at}`, before: NONE, after: file("x") })),
  { path: "a/deep/evil", before: NONE, after: file("evil") },
]

test("a folder that is swapped for a link while a merge is written leads nothing out of the repository, nor in", async () => {
  const [project, outside] = ["project", "outside"].map((name) => join(root, name)) as [string, string]
  for (const folder of [join(project, "a"), join(project, "b"), outside]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(outside, "secret"), "secret")
  writeFileSync(join(project, "a/secret"), "plain")
  const flipper = Bun.spawn([process.execPath, join(import.meta.dir, "flipper.ts"), join(project, "a"), outside], {
    stdout: "pipe",
  })
  const seen = new Set<string>()
  let merged = 0
  try {
    await flipper.stdout.getReader().read()
    for (let count = 0; count < TRIES || (merged === 0 && count < 50 * TRIES); count++) {
      for (let look = 0; look < 50; look++) {
        const version = orGone(() => versionAt(project, "a/secret"))
        if (version?.kind === "file") seen.add(new TextDecoder().decode(version.bytes))
      }
      const error = await applied(project, WRITES).catch((thrown: unknown) => thrown)
      if (error === undefined) merged += 1
      else if (!(error instanceof ToolFailure)) throw error
      rmSync(join(project, "b"), { recursive: true })
      mkdirSync(join(project, "b"))
      for (const folder of ["a", "a.away"]) {
        for (const name of ["evil", "deep"]) {
          if (readdirSync(outside).length === 1) orGone(() => rmSync(join(project, folder, name), { recursive: true }))
        }
      }
      await Bun.sleep(0)
    }
  } finally {
    flipper.kill()
    await flipper.exited
  }
  expect(readdirSync(outside)).toEqual(["secret"])
  expect([...seen]).not.toContain("secret")
  expect(merged).toBeGreaterThan(0)
}, 60_000)

/** Undefined when it was swapped in the middle. */
function orGone<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}
