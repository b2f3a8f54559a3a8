import { afterEach, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { trust } from "@skein/trust"
import { formattingOf } from "../src/formatting.ts"

const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-formatting-")))
afterEach(() => rmSync(root, { recursive: true, force: true }))

test("a folder in which there was nothing to ask about has no formatter of its own run, until a person says yes to it", async () => {
  const folder = join(root, "project")
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true })
  const given = {
    ...{ file: join(root, "trust.json"), home: join(root, "home"), now: () => 1, repositoryOf: () => undefined },
    lock: async () => () => ({ kind: "locked" as const, release: () => undefined }),
  }
  const trusting = trust({ ...given, isTrusting: false })
  const formatting = formattingOf({ formatIn: () => "auto", trustOf: trusting.trustOf })

  expect(await formatting.isTrusted(folder)).toBe(false)
  await trusting.passUnasked(folder)
  // A yes to nothing is none to what comes later.
  writeFileSync(join(folder, "biome.json"), "{}")
  writeFileSync(join(folder, "node_modules/.bin/biome"), "#!/bin/sh\n", { mode: 0o755 })
  expect(await formatting.isTrusted(folder)).toBe(false)

  await trusting.decide(folder, [], "trusted")
  expect(await formatting.isTrusted(folder)).toBe(true)
  await trusting.decide(folder, [], "refused")
  expect(await formatting.isTrusted(folder)).toBe(false)
  const once = trust({ ...given, isTrusting: true })
  expect(await formattingOf({ formatIn: () => "auto", trustOf: once.trustOf }).isTrusted(folder)).toBe(true)
})
