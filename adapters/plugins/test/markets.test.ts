import { expect, test } from "bun:test"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CLAUDE_PLUGIN, CODEX_PLUGIN, folderOf, installed, refusalOf, serverOf, worldOf } from "./world.ts"

const within = (folder: string, files: Readonly<Record<string, string | object>>) =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]))

test("a marketplace of Claude Code in a folder is added, searched and installed from", async () => {
  const { own } = worldOf()
  const folder = folderOf({
    ".claude-plugin/marketplace.json": {
      name: "company-tools",
      owner: { name: "Engineering" },
      plugins: [
        { name: "deployment-tools", source: "./plugins/deploy", description: "Ships things", category: "devops" },
        { name: "bare", source: "./", strict: false, skills: ["./skills/one"], description: "One of two" },
      ],
    },
    ...within("plugins/deploy", CLAUDE_PLUGIN),
    "skills/one/SKILL.md": "---\nname: one\ndescription: 1\n---\n",
    "skills/two/SKILL.md": "---\nname: two\ndescription: 2\n---\n",
  })
  expect(await own.markets.add(folder)).toMatchObject({ name: "company-tools" })
  const { offers } = await own.markets.search(["SHIPS"])
  expect(offers.map(({ name, market }) => `${name}@${market}`)).toEqual(["deployment-tools@company-tools"])
  expect(await refusalOf(own.propose("deployment-tools@company-tools", {}))).toContain("say --unsigned")
  const row = await installed(own, "deployment-tools@company-tools", { isUnsigned: true })
  expect(row).toMatchObject({ version: "2.1.0", source: "deployment-tools@company-tools" })
  const bare = await own.propose("bare@company-tools", { isUnsigned: true })
  expect(bare.brings).toEqual([{ kind: "skill", name: "one" }])
  bare.drop()
})

test("a marketplace of Codex, its kinds of sources, and what it says cannot be installed", async () => {
  const { own } = worldOf()
  const folder = folderOf({
    ".agents/plugins/marketplace.json": {
      name: "codex-tools",
      interface: { displayName: "Tools" },
      plugins: [
        {
          name: "linear_tools",
          source: { source: "local", path: "./plugins/linear" },
          policy: { installation: "AVAILABLE" },
        },
        { name: "off", source: "./plugins/off", policy: { installation: "NOT_AVAILABLE" } },
        { name: "out", source: { source: "local", path: "./../../etc" } },
        { name: "odd", source: { source: "carrier-pigeon" } },
      ],
    },
    ...within("plugins/linear", CODEX_PLUGIN),
  })
  await own.markets.add(folder)
  await installed(own, "linear_tools@codex-tools", { isUnsigned: true })
  const ask = (name: string) => refusalOf(own.propose(`${name}@codex-tools`, { isUnsigned: true }))
  expect(await ask("off")).toBe("codex-tools says that off cannot be installed.")
  expect(await ask("out")).toContain("which is no path in its folder")
  expect(await ask("odd")).toBe('skein knows no source of the kind "carrier-pigeon".')
  expect(await ask("none")).toBe(
    'codex-tools offers no plugin "none". See what it does: skein plugin search @codex-tools',
  )
  expect(await refusalOf(own.propose("a@nowhere", {}))).toBe(
    'There is no marketplace "nowhere". There are codex-tools.',
  )
})

test("a signed index at an address speaks for the bytes of the plugins it lists, and only for those", async () => {
  const { own, index, files, url } = await signedMarket()
  await index({ serial: 7 })
  await own.markets.add(url)
  const proposal = await own.propose("demo@signed", {})
  expect(proposal.signer).toBe("ada, by the index")
  proposal.drop()
  files["/demo.tgz"] = own.pack(folderOf({ ...DEMO, "commands/hi.md": "Say something else" })).bytes
  expect(await refusalOf(own.propose("demo@signed", {}))).toContain("Nobody signed demo")
})

test("an index that is older, changed under the same number, unsigned or another's is not taken", async () => {
  const { own, index, files, url, other } = await signedMarket()
  await index({ serial: 7 })
  await own.markets.add(url)
  const update = () => refusalOf(own.markets.update("signed"))
  await index({ serial: 6 })
  expect(await update()).toBe("The list is an older one: its serial is 6, and 7 was here already.")
  await index({ serial: 7, description: "another" })
  expect(await update()).toBe("The list has the serial 7 of the one before and says something else.")
  await index({ serial: 8 }, other.privatePem)
  expect(await update()).toContain("The list was signed by another key before")
  const { signature: _, ...unsigned } = JSON.parse(String(files["/skein-index.json"])) as Record<string, unknown>
  files["/skein-index.json"] = JSON.stringify(unsigned)
  expect(await update()).toContain("was signed before and is not any more")
  await index({ serial: 8 })
  files["/skein-index.json"] = String(files["/skein-index.json"]).replace('"serial": 8', '"serial": 9')
  expect(await update()).toContain("The list is not what ada signed")
  await index({ serial: 8 })
  expect(await own.markets.update("signed")).toMatchObject({ serial: 8 })
})

test("a list that is changed on the disk after it was fetched is found out", async () => {
  const { own, index, url, options } = await signedMarket()
  await index({ serial: 1 })
  const { folder, file } = await own.markets.add(url)
  const path = join(options.folder, folder, file)
  writeFileSync(path, readFileSync(path, "utf8").replace("demo.tgz", "evil.tgz"))
  expect(await refusalOf(own.propose("demo@signed", {}))).toContain("the signature does not hold")
  expect((await own.markets.search([])).troubles).toHaveLength(1)
})

test("a marketplace cannot take the name of another, and is forgotten when it is removed", async () => {
  const { own } = worldOf()
  const list = { name: "tools", plugins: [] }
  await own.markets.add(folderOf({ "skein-index.json": list }))
  expect(await refusalOf(own.markets.add(folderOf({ "skein-index.json": list })))).toContain(
    "There is a marketplace tools already",
  )
  expect(await own.markets.remove("tools")).toBe(true)
  expect(await own.markets.remove("tools")).toBe(false)
  expect(own.markets.list()).toEqual([])
  expect(await refusalOf(own.markets.add(folderOf({ "a.md": "" })))).toContain("is no marketplace: it has none of")
})

const DEMO = { ".claude-plugin/plugin.json": { name: "demo", version: "1.0.0" }, "commands/hi.md": "Say hi" }

async function signedMarket() {
  const world = worldOf()
  const { own } = world
  const [pair, other] = [await own.keys.generate(), await own.keys.generate()]
  await own.keys.add(pair.publicPem, "ada")
  await own.keys.add(other.publicPem, "eve")
  const root = folderOf(DEMO)
  const { sha256 } = await own.validate(root)
  const files: Record<string, string | Uint8Array> = { "/demo.tgz": own.pack(root).bytes }
  const server = serverOf(files)
  server.unref()
  const index = async (about: object, key = pair.privatePem) => {
    const plugins = [{ name: "demo", version: "1.0.0", source: "./demo.tgz", sha256 }]
    files["/skein-index.json"] = await own.signIndex(JSON.stringify({ name: "signed", plugins, ...about }), key)
  }
  return { ...world, index, files, other, url: `${server.url}skein-index.json` }
}
