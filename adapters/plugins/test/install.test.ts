import { expect, test } from "bun:test"
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { CLAUDE_PLUGIN, CODEX_PLUGIN, folderOf, installed, refusalOf, serverOf, worldOf } from "./world.ts"

const PLAIN = { ".claude-plugin/plugin.json": { name: "demo", version: "1.0.0" }, "commands/hi.md": "Say hi" }
const at = (version: string) => ({ ...PLAIN, ".claude-plugin/plugin.json": { name: "demo", version } })

test("a person sees what a plugin brings before they agree, and nothing is enabled before", async () => {
  const { own } = worldOf()
  const proposal = await own.propose(folderOf(CLAUDE_PLUGIN), {})
  expect(proposal.brings.map(({ kind, name, does }) => [kind, name, does].filter(Boolean).join(" "))).toEqual([
    "skill deploy",
    "command status",
    "command special",
    "agent tester",
    "output_style terse",
    "hook Stop ${CLAUDE_PLUGIN_ROOT}/stop.sh",
    "hook PostToolUse ${CLAUDE_PLUGIN_ROOT}/format.sh",
    "mcp_server db ${CLAUDE_PLUGIN_ROOT}/servers/db --ro",
  ])
  expect(await own.port.enabled({ cwd: "/" })).toEqual([])
  await proposal.agree()
  const [parts, ...more] = await own.port.enabled({ cwd: "/" })
  expect(more).toEqual([])
  expect(parts).toMatchObject({ name: "deployment-tools", version: "2.1.0" })
  expect(parts?.skills).toEqual([join(parts?.root ?? "", "skills")])
})

test("what was not agreed to leaves nothing behind", async () => {
  const { own, options } = worldOf()
  const proposal = await own.propose(folderOf(PLAIN), {})
  proposal.drop()
  expect(readdirSync(join(options.folder, ".staging"))).toEqual([])
  expect(existsSync(options.stateFile)).toBe(false)
})

test("an installed plugin is known to the next run, turned off and on, and taken away", async () => {
  const { own, again, options } = worldOf()
  const { folder } = await installed(own, folderOf(CODEX_PLUGIN))
  expect((await again().port.enabled({ cwd: "/" })).map(({ name }) => name)).toEqual(["linear_tools"])
  await own.enable("linear_tools", false)
  expect(await again().port.enabled({ cwd: "/" })).toEqual([])
  await own.enable("linear_tools", true)
  expect(await own.port.enabled({ cwd: "/" })).toHaveLength(1)
  await own.remove("linear_tools")
  expect(await own.port.enabled({ cwd: "/" })).toEqual([])
  expect(existsSync(join(options.folder, folder))).toBe(false)
  expect(await refusalOf(own.remove("linear_tools"))).toBe('No plugin "linear_tools" is installed. None is.')
})

test("a plugin whose files are not those that were agreed to is off, and that is told once", async () => {
  const changes: readonly ((root: string) => void)[] = [
    (root) => appendFileSync(join(root, "commands/hi.md"), "!"),
    (root) => writeFileSync(join(root, "commands/more.md"), "more"),
    (root) => rmSync(join(root, "commands/hi.md")),
    (root) => symlinkSync("/etc/hosts", join(root, "commands/link.md")),
    (root) => rmSync(root, { recursive: true }),
  ]
  for (const change of changes) {
    const { own, options, warned } = worldOf()
    const { folder } = await installed(own, folderOf(PLAIN))
    expect(await own.port.enabled({ cwd: "/" })).toHaveLength(1)
    change(join(options.folder, folder))
    expect(await own.port.enabled({ cwd: "/" })).toEqual([])
    expect(await own.port.enabled({ cwd: "/" })).toEqual([])
    expect(warned).toHaveLength(1)
    expect(warned[0]).toStartWith("The plugin demo is off, because its files are not those that you agreed to.")
    expect(own.inventory()[0]?.state).toBeOneOf(["changed", "broken"])
  }
})

test("bytes that change while the size stays the same are found out as well", async () => {
  const { own, options } = worldOf()
  const { folder } = await installed(own, folderOf(PLAIN))
  await own.port.enabled({ cwd: "/" })
  writeFileSync(join(options.folder, folder, "commands/hi.md"), "Say ho")
  expect(await own.port.enabled({ cwd: "/" })).toEqual([])
})

test("the bytes that were shown are the bytes that are installed, whatever the folder holds by then", async () => {
  const { own, options } = worldOf()
  const source = folderOf(PLAIN)
  const proposal = await own.propose(source, {})
  writeFileSync(join(source, "commands/hi.md"), "Something else")
  const { folder } = await proposal.agree()
  expect(readFileSync(join(options.folder, folder, "commands/hi.md"), "utf8")).toBe("Say hi")
})

test("what nobody signed is taken from a person's own folder, and from elsewhere only when they say so", async () => {
  const { own } = worldOf()
  using server = serverOf({ "/demo.tar.gz": own.pack(folderOf(PLAIN)).bytes })
  const url = `${server.url}demo.tar.gz`
  expect(await refusalOf(own.propose(url, {}))).toBe(
    "Nobody signed demo, so nobody vouches for what it is. To install it all the same, say --unsigned.",
  )
  expect(await installed(own, url, { isUnsigned: true })).toMatchObject({ name: "demo", source: url })
})

test("what a trusted key signed needs no more than that; another key's is refused with what to do", async () => {
  const { own } = worldOf()
  const root = folderOf(PLAIN)
  const pair = await own.keys.generate()
  await own.sign(root, pair.privatePem)
  using server = serverOf({ "/demo.tgz": own.pack(root).bytes })
  const refusal = await refusalOf(own.propose(`${server.url}demo.tgz`, {}))
  expect(refusal).toStartWith(`demo is signed by ${pair.id}, which is no key that you trust.`)
  await own.keys.add(pair.publicPem, "ada")
  const proposal = await own.propose(`${server.url}demo.tgz`, {})
  expect(proposal.signer).toBe("ada")
  expect(await proposal.agree()).toMatchObject({ signedBy: pair.id })
})

test("a signed plugin is not replaced by an unsigned one of the same name", async () => {
  const { own } = worldOf()
  const root = folderOf(PLAIN)
  const pair = await own.keys.generate()
  await own.keys.add(pair.publicPem, "ada")
  await own.sign(root, pair.privatePem)
  await installed(own, root)
  expect(await refusalOf(own.propose(folderOf(at("2.0.0")), {}))).toContain(`demo was signed before, by ${pair.id}`)
})

test("an older version is refused unless it is asked for, also when a newer one was removed", async () => {
  const { own } = worldOf()
  const pair = await own.keys.generate()
  await own.keys.add(pair.publicPem, "ada")
  const [one, two] = [folderOf(at("1.0.0")), folderOf(at("1.10.0"))]
  await own.sign(one, pair.privatePem)
  await own.sign(two, pair.privatePem)
  await installed(own, two)
  const refusal = "demo 1.0.0 is older than 1.10.0, which was here already. Say --downgrade if that is meant."
  expect(await refusalOf(own.propose(one, {}))).toBe(refusal)
  await own.remove("demo")
  expect(await refusalOf(own.propose(one, {}))).toBe(refusal)
  expect(await installed(own, one, { isDowngrade: true })).toMatchObject({ version: "1.0.0" })
})

test("an update is proposed only where something is another, and replaces what was there", async () => {
  const { own, options } = worldOf()
  const source = folderOf(PLAIN)
  const before = await installed(own, source)
  expect(await own.proposeUpdate("demo", {})).toBeUndefined()
  folderOf(at("1.1.0"), source)
  await (await own.proposeUpdate("demo", {}))?.agree()
  const [parts] = await own.port.enabled({ cwd: "/" })
  expect(parts?.version).toBe("1.1.0")
  await own.remove("demo")
  expect(existsSync(join(options.folder, before.folder))).toBe(false)
})

test("another plugin cannot take the name of one that is there", async () => {
  const { own } = worldOf()
  await installed(own, folderOf(PLAIN))
  using server = serverOf({ "/demo.tgz": own.pack(folderOf(at("9.0.0"))).bytes })
  expect(await refusalOf(own.propose(`${server.url}demo.tgz`, { isUnsigned: true }))).toContain(
    "There is a plugin demo already, from /",
  )
})

test("links, names that are one elsewhere and a folder that is no plugin are refused before anything is kept", async () => {
  const { own, options } = worldOf()
  const linked = folderOf(PLAIN)
  symlinkSync("/etc/passwd", join(linked, "commands/passwd.md"))
  expect(await refusalOf(own.propose(linked, {}))).toBe(
    '"commands/passwd.md" is a link or no file: a plugin holds files alone.',
  )
  const folded = folderOf({ ...PLAIN, "commands/HI.md": "other" })
  expect(await refusalOf(own.propose(folded, {}))).toMatch(/"commands\/(HI|hi).md" is there twice/)
  const unicode = folderOf({ ...PLAIN, "commands/\u00e9.md": "one", "commands/e\u0301.md": "two" })
  expect(await refusalOf(own.propose(unicode, {}))).toContain("is there twice, as some file systems see it")
  expect(await refusalOf(own.propose(folderOf({ "README.md": "" }), {}))).toStartWith(
    "It is no plugin that can be loaded.",
  )
  expect(existsSync(options.folder) ? readdirSync(options.folder) : []).toEqual(
    existsSync(options.folder) ? [".staging"] : [],
  )
})

test("an archive whose paths lead out is refused, and nothing is written anywhere", async () => {
  const { own, options } = worldOf()
  const { bytes } = own.pack(folderOf({ ...PLAIN, "commands/xx.md": "" }))
  const tar = Buffer.from(Bun.gunzipSync(new Uint8Array(bytes)))
  const name = "demo-1.0.0/commands/xx.md"
  const header = tar.indexOf(name)
  tar.write("../../../../../tmp/owned.md".padEnd(name.length, "\0"), header)
  tar.write("        ", header + 148)
  const sum = tar.subarray(header, header + 512).reduce((total, byte) => total + byte, 0)
  tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, header + 148)
  const file = join(folderOf({}), "evil.tar")
  writeFileSync(file, tar)
  expect(await refusalOf(own.propose(file, {}))).toContain("leads out of the folder")
  expect(existsSync(options.folder)).toBe(false)
})

test("a damaged record of what is installed stops a change, and uses nothing", async () => {
  const { own, again, options, warned } = worldOf()
  await installed(own, folderOf(PLAIN))
  writeFileSync(options.stateFile, "{")
  expect(await refusalOf(again().propose(folderOf(CODEX_PLUGIN), {}))).toContain("Move it away to begin anew.")
  expect(await again().port.enabled({ cwd: "/" })).toEqual([])
  expect(warned[0]).toContain("where it is kept which plugins are installed")
})

test("what a kill left half done is taken away by the next change", async () => {
  const { own, options } = worldOf()
  mkdirSync(join(options.folder, "path/demo/0.9.0-half"), { recursive: true })
  await installed(own, folderOf(PLAIN))
  expect(readdirSync(join(options.folder, "path/demo"))).toEqual([expect.stringMatching(/^1\.0\.0-[0-9a-f]{12}$/)])
})

test("a plugin that is packed twice is the same bytes", () => {
  const { own } = worldOf()
  expect(own.pack(folderOf(PLAIN))).toEqual(own.pack(folderOf(PLAIN)))
})
