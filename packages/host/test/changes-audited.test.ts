import { afterAll, expect, test } from "bun:test"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compose, type Host } from "../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "skein-changes-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let homes = 0
async function hosted(
  overrides: readonly string[],
  use: (host: Host) => Promise<void>,
  onLateWarning?: (sentence: string) => void,
): Promise<void> {
  const home = join(root, `home-${++homes}`)
  mkdirSync(home)
  const env = { SKEIN_HOME: join(home, "skein") }
  const host = compose({ env, cwd: home, home, version: "0.0.0", overrides, onLateWarning })
  try {
    await use(host)
  } finally {
    await host.close()
  }
}

async function told(host: Host): Promise<readonly string[]> {
  return readFileSync(host.audit.file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ actor, action, decision, outcome }) => [actor, action, decision, outcome].filter(Boolean).join(" "))
}

const RULE = { tool: "bash", command: "make", decision: "deny", scope: "user" } as const

test("rules and keys that a verb keeps or takes away are on record before and after, and so is a refusal", async () => {
  await hosted([], async (host) => {
    const { id } = await host.permissions.keep(RULE)
    if (id === undefined) throw new Error("A kept rule has an id")
    await host.permissions.drop(id)
    await expect(host.permissions.drop(id)).rejects.toMatchObject({ code: "rule.not_found" })
    await host.permissions.edit(() => undefined)
    const file = (await host.stores()).find(({ name }) => name === "file")
    await file?.set("openai", "sk-canary-1234567890")
    await file?.delete("openai")
    await file?.delete("openai")
    expect(await told(host)).toEqual([
      ...["person rule.add deny", "person rule.add deny added"],
      ...["person rule.remove", "person rule.remove removed"],
      ...["person rule.remove", "person rule.remove rule.not_found"],
      ...["person rule.edit", "person rule.edit kept"],
      ...["person login", "person login kept"],
      ...["person logout", "person logout removed"],
      ...["person logout", "person logout unknown"],
    ])
    expect(readFileSync(host.audit.file, "utf8")).not.toContain("canary")
  })
})

test("where nothing can be recorded no rule and no key is changed", async () => {
  const blocked = join(root, "blocked")
  writeFileSync(blocked, "")
  await hosted([`audit.file=${join(blocked, "audit.jsonl")}`], async (host) => {
    await expect(host.permissions.keep(RULE)).rejects.toMatchObject({ code: "audit.unwritable" })
    expect(existsSync(host.permissions.file)).toBe(false)
    let isPut = false
    const put = () => {
      isPut = true
    }
    await expect(host.permissions.edit(put)).rejects.toMatchObject({ code: "audit.unwritable" })
    expect(isPut).toBe(false)
    const file = (await host.stores()).find(({ name }) => name === "file")
    await expect(file?.set("openai", "sk-canary-1234567890")).rejects.toMatchObject({ code: "audit.unwritable" })
    expect(await file?.get("openai")).toBeUndefined()
  })
})

test("what was done stands though its end cannot be recorded, and what failed says why it did; a person is warned", async () => {
  const blocked = join(root, "full")
  mkdirSync(blocked)
  const file = join(blocked, "audit.jsonl")
  const block = () => {
    rmSync(file)
    mkdirSync(file)
  }
  const warnings: string[] = []
  const use = async (host: Host) => {
    await host.permissions.edit(block)
    expect(warnings).toEqual([expect.stringMatching(/^rule\.edit is over \(kept\), .+ only that it began: Cannot r/)])
    rmSync(file, { recursive: true })
    const broken = () => {
      block()
      throw new Error("No such editor")
    }
    await expect(host.permissions.edit(broken)).rejects.toThrow("No such editor")
  }
  await hosted([`audit.file=${file}`], use, (sentence) => warnings.push(sentence))
})
