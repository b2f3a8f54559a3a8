import { expect, test } from "bun:test"
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { trust } from "../src/index.ts"
import { scene } from "./scene.ts"

const server = (command: string) => JSON.stringify({ mcpServers: { it: { command } } })
const FILES = { ".mcp.json": server("one"), ".git/HEAD": "ref: refs/heads/main\n" }

async function decided(at: ReturnType<typeof scene>, decision: "trusted" | "refused" = "trusted"): Promise<void> {
  const { folder, items } = await at.trust.trustOf(at.folder)
  await at.trust.decide(folder, items, decision)
}

test("a folder is untrusted until a person says yes, trusted then, and changed by any new or other item", async () => {
  using at = scene(FILES)
  const state = async () => {
    const { state, changed } = await at.trust.trustOf(at.folder)
    return [state, ...changed.map(({ name }) => name)]
  }
  expect(await state()).toEqual(["untrusted", ".mcp.json#mcpServers.it"])
  expect(existsSync(at.options.file)).toBe(false)
  await decided(at)
  expect(await state()).toEqual(["trusted"])
  at.put("README.md", "other words")
  expect(await state()).toEqual(["trusted"])
  at.put(".mcp.json", server("two"))
  expect(await state()).toEqual(["changed", ".mcp.json#mcpServers.it"])
  at.put(".mcp.json", server("one"))
  expect(await state()).toEqual(["trusted"])
  at.put(".envrc", "evil")
  expect(await state()).toEqual(["changed", ".envrc"])
})

test("what was decided is about the items that were shown, whatever the folder holds by then", async () => {
  using at = scene(FILES)
  const { folder, items } = await at.trust.trustOf(at.folder)
  at.put(".mcp.json", server("swapped"))
  await at.trust.decide(folder, items, "trusted")
  expect((await at.trust.trustOf(at.folder)).state).toBe("changed")
})

test("a folder in which nothing could run is trusted without a question, until something could", async () => {
  using at = scene({ "README.md": "hello" })
  expect(await at.trust.trustOf(at.folder)).toMatchObject({ state: "trusted", items: [], changed: [] })
  at.put(".mcp.json", server("one"))
  expect((await at.trust.trustOf(at.folder)).state).toBe("untrusted")
})

test("a refusal holds for the folder, and what is new in it is asked about again", async () => {
  using at = scene(FILES)
  await decided(at, "refused")
  expect(at.trust.isRefused(at.folder)).toBe(true)
  expect(await at.trust.trustOf(at.folder)).toMatchObject({
    state: "untrusted",
    decision: "refused",
    decidedAt: 42,
    changed: [],
  })
  at.put(".envrc", "evil")
  expect(await at.trust.trustOf(at.folder)).toMatchObject({ state: "untrusted", changed: [{ name: ".envrc" }] })
  expect(await at.trust.revoke(at.folder)).toBe(true)
  expect(await at.trust.revoke(at.folder)).toBe(false)
  expect(at.trust.isRefused(at.folder)).toBe(false)
})

test("the whole repository is decided about from any folder of it; one inside is another, and gets nothing from it", async () => {
  using at = scene({
    ...FILES,
    "a/b/x.ts": "",
    "vendor/other/.git/HEAD": "ref: x\n",
    "vendor/other/.mcp.json": server("theirs"),
  })
  expect((await at.trust.trustOf(at.path("a/b"))).folder).toBe(at.folder)
  await decided(at)
  expect((await at.trust.trustOf(at.path("a/b"))).state).toBe("trusted")
  expect(await at.trust.trustOf(at.path("vendor/other"))).toMatchObject({
    folder: at.path("vendor/other"),
    state: "untrusted",
  })
})

test("a refusal reaches what lies below, until that is decided about by itself", async () => {
  using at = scene({ ...FILES, "vendor/other/.git/HEAD": "ref: x\n" })
  await decided(at, "refused")
  expect(at.trust.isRefused(at.path("vendor/other"))).toBe(true)
  await at.trust.decide(at.path("vendor/other"), [], "trusted")
  expect([at.trust.isRefused(at.path("vendor/other")), at.trust.isRefused(at.folder)]).toEqual([false, true])
})

test("a folder that is moved keeps nothing, and what comes in its place is known by its hashes alone", async () => {
  using at = scene(FILES)
  await decided(at)
  const moved = `${at.folder}-moved`
  renameSync(at.folder, moved)
  expect((await at.trust.trustOf(moved)).state).toBe("untrusted")
  at.put(".mcp.json", server("another project"))
  expect((await at.trust.trustOf(at.folder)).state).toBe("changed")
})

test("a link to a trusted folder is that folder", async () => {
  using at = scene(FILES)
  await decided(at)
  symlinkSync(at.folder, join(at.root, "link"))
  expect(await at.trust.trustOf(join(at.root, "link"))).toMatchObject({ folder: at.folder, state: "trusted" })
})

test("what no hash can hold is never trusted, and keeps nobody from deciding about the rest", async () => {
  using at = scene(FILES)
  symlinkSync("/etc/passwd", at.path(".envrc"))
  await decided(at)
  const { state, items } = await at.trust.trustOf(at.folder)
  expect([state, items.find(({ name }) => name === ".envrc")?.isBound]).toEqual(["trusted", false])
  expect(
    at.trust
      .all()
      .get(at.folder)
      ?.items.map(({ name }) => name),
  ).toEqual([".mcp.json#mcpServers.it"])
})

test("trusting a run trusts nothing for the next one, and reads what was refused", async () => {
  using at = scene(FILES)
  await decided(at, "refused")
  const run = trust({ ...at.options, isTrusting: true })
  expect([(await run.trustOf(at.folder)).state, run.isRefused(at.folder)]).toEqual(["trusted", false])
  expect([(await at.trust.trustOf(at.folder)).state, at.trust.isRefused(at.folder)]).toEqual(["untrusted", true])
})

test("the home folder has no items: what lies there is the person's own", async () => {
  using at = scene(FILES)
  mkdirSync(join(at.options.home, ".claude"))
  writeFileSync(join(at.options.home, ".claude/settings.json"), '{"apiKeyHelper":"mine"}')
  expect(await at.trust.trustOf(at.options.home)).toMatchObject({ state: "trusted", items: [] })
})

test("a .git above the home folder or in it makes no repository of everything", async () => {
  using at = scene({ ".mcp.json": server("one") })
  mkdirSync(join(at.options.home, ".git"))
  expect((await at.trust.trustOf(at.folder)).folder).toBe(at.folder)
})

test("many decide at once, and every decision is kept, in a file for its owner alone", async () => {
  using at = scene()
  const folders = Array.from({ length: 20 }, (_, nth) => join(at.root, `f${nth}`))
  await Promise.all(folders.map((folder) => trust(at.options).decide(folder, [], "trusted")))
  expect([...at.trust.all().keys()].toSorted()).toEqual(folders.toSorted())
  expect(statSync(at.options.file).mode & 0o777).toBe(0o600)
  expect(statSync(dirname(at.options.file)).mode & 0o777).toBe(0o700)
  expect(readdirSync(dirname(at.options.file)).toSorted()).toEqual(["trust.json", "trust.json.lock"])
})

test("a register that is damaged, or a link, stops, and is never an empty one", async () => {
  using at = scene(FILES)
  await decided(at, "refused")
  for (const text of [
    "",
    "{",
    '{"v":2,"folders":{}}',
    '{"v":1,"folders":{"/x":{"decision":"yes","at":1,"items":[]}}}',
    '{"v":1,"folders":[]}',
    '{"v":1,"folders":{"/x":null}}',
  ]) {
    writeFileSync(at.options.file, text)
    expect(() => at.trust.isRefused(at.folder)).toThrow("Move it away to be asked again")
    await expect(at.trust.trustOf(at.folder)).rejects.toThrow("Cannot read")
    await expect(at.trust.decide(at.folder, [], "trusted")).rejects.toThrow("Cannot read")
  }
  const linked = { ...at.options, file: join(at.root, "linked.json") }
  symlinkSync(at.options.file, linked.file)
  expect(() => trust(linked).isRefused(at.folder)).toThrow("Cannot read")
})

test("programs that are no items wait for a person's own yes, and for another one when something changed", async () => {
  using at = scene({ "README.md": "hello" })
  const isByPerson = async () => (await at.trust.trustOf(at.folder)).isByPerson
  expect(await isByPerson()).toBe(false)
  await at.trust.passUnasked(at.folder)
  expect(await isByPerson()).toBe(false)
  await decided(at)
  expect(await isByPerson()).toBe(true)
  at.put(".mcp.json", server("one"))
  expect(await isByPerson()).toBe(false)
  await decided(at)
  expect(await isByPerson()).toBe(true)
  await decided(at, "refused")
  expect(await isByPerson()).toBe(false)
})
