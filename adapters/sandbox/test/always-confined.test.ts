import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Sandbox } from "@skein/protocol"
import { type TestWorld, testWorld, whyUnconfined } from "./world.ts"

const reason = await whyUnconfined()

describe.skipIf(reason !== undefined)("where the administrator lets nobody run without a sandbox", () => {
  let world: TestWorld
  beforeEach(() => {
    world = testWorld({ isAlwaysConfined: () => true, consent: "no-sandbox" })
  })
  afterEach(() => world.cleanUp())

  for (const sandbox of ["full-access", "workspace-write"] satisfies Sandbox[]) {
    test(`a command that is to be held to ${sandbox} writes in the workspace and nowhere else`, async () => {
      const outside = join(world.outside, "file")

      expect(await world.exec.confinement(sandbox)).toMatchObject({ kind: "confined" })
      const result = await world.exec.run({
        ...{
          command: `echo in > here; echo out > ${outside}`,
          cwd: world.workspace,
          roots: [world.workspace],
          sandbox,
        },
        ...{ timeoutMs: 20_000, signal: new AbortController().signal, bytesMax: 1_000 },
      })

      expect(result.confinement).not.toBe("none")
      expect(existsSync(join(world.workspace, "here"))).toBe(true)
      expect(existsSync(outside)).toBe(false)
    })
  }
})
