import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { AuditEntry } from "@skein/core/ports"
import { audit } from "../src/index.ts"
import { ACTIONS, KINDS } from "../src/words.ts"
import { scene } from "./scene.ts"

const CANARY = "canary-4711-zwitscher"

test("no field of any kind of entry lets a text through", async () => {
  using at = scene()
  const port = audit(at.options)
  const full: AuditEntry = {
    ...{ at: 1, actor: CANARY, action: CANARY, outcome: CANARY, rule: `bash ${CANARY}` },
    ...{ sessionId: CANARY, turnId: CANARY, callId: CANARY, durationMs: 1 },
    resources: [{ kind: CANARY, name: CANARY }],
  }
  await port.record(full)
  for (const action of ACTIONS) await port.record({ ...full, action })
  for (const kind of KINDS) await port.record({ ...full, resources: [{ kind, name: CANARY }] })
  await port.close()
  const files = readdirSync(at.dataDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  expect(files.length).toBeGreaterThan(2)
  for (const { parentPath, name } of files) {
    const text = readFileSync(join(parentPath, name), "utf8")
    expect(text).not.toContain(CANARY)
    expect(text).not.toContain("zwitscher")
    expect(text).not.toContain(new Bun.CryptoHasher("sha256").update(CANARY).digest("hex"))
  }
})

test("what a person runs themselves stands there by its name, before it, after it and refused", async () => {
  using at = scene()
  const port = audit(at.options)
  const actions = ["shell.start", "shell.settle", "shell.refuse"]
  for (const action of actions) await port.record({ at: 1, actor: "person", action, resources: [] })
  await port.close()
  expect(at.lines().map((line) => JSON.parse(line).action)).toEqual(actions)
})
