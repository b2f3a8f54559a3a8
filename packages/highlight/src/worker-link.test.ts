import { expect, test } from "bun:test"
import type { Language } from "@skein/grammars"
import { type LinkBounds, WorkerLink } from "./worker-link.ts"

const BOUNDS: LinkBounds = {
  ...{ charsMax: 1_000, reportsMax: 1_000, timeMaxMs: 10_000 },
  ...{ waitMaxMs: 10_000, patienceMs: 60_000 },
}

test("a worker that broke is replaced by one with fresh memory, and left alone after a few times", async () => {
  let restarts = 0
  const link = new WorkerLink(BOUNDS, () => {
    restarts += 1
  })
  for (let round = 1; round <= 4; round += 1) {
    await link.start()
    expect(await asked(link, "json")).toBe("done")
    expect(await asked(link, NOT_A_LANGUAGE)).toBe("lost as the cause")
    expect([restarts, link.generation, link.isOff]).toEqual([round, round, round === 4])
  }
  await link.start()
  expect(await asked(link, "json")).toBe("lost")
}, 60_000)

test("what was asked along with what broke it is lost, and not the cause", async () => {
  const link = new WorkerLink(BOUNDS, () => undefined)
  await link.start()
  const both = [asked(link, NOT_A_LANGUAGE), asked(link, "typescript")]
  expect(await Promise.all(both)).toEqual(["lost as the cause", "lost"])
}, 60_000)

/** What no one can load. */
const NOT_A_LANGUAGE: Language = JSON.parse('"klingon"')

async function asked(link: WorkerLink, language: Language): Promise<string> {
  return await new Promise((resolve) => {
    link.post(
      { kind: "prepare", language },
      { done: () => resolve("done"), lost: (isCause) => resolve(isCause ? "lost as the cause" : "lost") },
    )
  })
}
