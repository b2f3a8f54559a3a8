import { expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { filesIn, sha256 } from "../src/files.ts"
import { CLAUDE_PLUGIN, CODEX_PLUGIN, folderOf, installed, worldOf } from "./world.ts"

const within = (folder: string, files: Readonly<Record<string, string | object>>) =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]))
const DEMO = { ".claude-plugin/plugin.json": { name: "demo" }, "commands/hi.md": "Say hi" }

test("a folder that was given for this run is a plugin of this run, and the first of its name", async () => {
  const given = folderOf(DEMO)
  const { own, warned } = worldOf({ given: [given, join(given, "missing")] })
  await installed(own, folderOf(DEMO))
  const found = await own.port.enabled({ cwd: "/" })
  expect(found.map(({ name, root }) => [name, root])).toEqual([["demo", given]])
  expect(warned).toEqual([
    `The plugin in ${join(given, "missing")} is not used: it is not there.`,
    expect.stringContaining(`is not used: there is one of that name in ${given}.`),
  ])
})

test("a plugin that cannot be read is left out and told with the place in its manifest; the others are there", async () => {
  const broken = folderOf({ ".codex-plugin/plugin.json": { name: "broken", skills: "skills" } })
  const { own, warned } = worldOf({ given: [broken, folderOf(DEMO)] })
  expect((await own.port.enabled({ cwd: "/" })).map(({ name }) => name)).toEqual(["demo"])
  expect(warned).toEqual([
    `The plugin in ${broken} is not used: .codex-plugin/plugin.json: skills: It takes a path that starts with ./, not "skills". ` +
      `All of it: skein plugin validate ${broken}`,
  ])
})

test("what Claude Code and Codex have installed and turned on is used as it is", async () => {
  const home = folderOf({
    ...within(".claude/plugins/cache/m/deployment-tools/2.1.0", CLAUDE_PLUGIN),
    ".claude/settings.json": { enabledPlugins: { "deployment-tools@m": true, "demo@m": false } },
    ...within(".codex/plugins/cache/curated/linear_tools/0.3.1", CODEX_PLUGIN),
    ...within(".codex/plugins/cache/curated/linear_tools/0.3.0", CODEX_PLUGIN),
    ...within(".codex/plugins/cache/curated/demo/1.0.0", DEMO),
    ".codex/config.toml": '[plugins."linear_tools@curated"]\nenabled = true\n',
  })
  const installPath = join(home, ".claude/plugins/cache/m/deployment-tools/2.1.0")
  folderOf(
    {
      ".claude/plugins/installed_plugins.json": {
        version: 2,
        plugins: { "deployment-tools@m": [{ scope: "user", installPath, version: "2.1.0" }] },
      },
    },
    home,
  )
  const { own } = worldOf({ home, codexHome: join(home, ".codex") })
  const found = await own.port.enabled({ cwd: "/" })
  expect(found.map(({ name, root }) => [name, root])).toEqual([
    ["deployment-tools", installPath],
    ["linear_tools", join(home, ".codex/plugins/cache/curated/linear_tools/0.3.1")],
  ])
  expect(own.inventory().map(({ by, source, state }) => `${by} ${source} ${state}`)).toEqual([
    "codex demo@curated disabled",
    "codex linear_tools@curated enabled",
    "claude deployment-tools@m enabled",
  ])
  const alone = worldOf({ home, codexHome: join(home, ".codex"), imports: () => [] })
  expect(await alone.own.port.enabled({ cwd: "/" })).toEqual([])
})

test("a plugin of a project is used only while every file of it is trusted, byte for byte", async () => {
  const project = folderOf(within(".agents/plugins/demo", DEMO))
  const items = () => new Map(filesIn(project).map(({ path, bytes }) => [path, sha256(bytes)]))
  let known: Map<string, string> | undefined
  const { own, warned } = worldOf({ trusted: async () => known && { folder: project, items: known } })
  const names = async () => (await own.port.enabled({ cwd: project })).map(({ name }) => name)
  expect(await names()).toEqual([])
  expect(warned.at(-1)).toStartWith(
    "Plugins of this folder are not used, because it is not trusted, or not as it is now: .agents/plugins/demo.",
  )
  known = items()
  expect(await names()).toEqual(["demo"])
  writeFileSync(join(project, ".agents/plugins/demo/commands/hi.md"), "Say ho")
  expect(await names()).toEqual([])
  expect(warned.at(-1)).toBe(
    "The plugin .agents/plugins/demo of this folder is not used: commands/hi.md is not what you trusted. See it with: skein trust items",
  )
  known = items()
  expect(await names()).toEqual(["demo"])
  writeFileSync(join(project, ".agents/plugins/demo/new.md"), "")
  expect(await names()).toEqual([])
})

test("a trusted project turns on what the person has installed, and asks for the rest", async () => {
  const enabledPlugins = { "demo@m": true, "other@m": true }
  const project = folderOf({ ".claude/settings.json": { enabledPlugins } })
  const market = folderOf({
    "skein-index.json": { name: "m", plugins: [{ name: "demo", source: "./demo" }] },
    ...within("demo", DEMO),
  })
  let hash = "another"
  const trusted = async () => ({ folder: project, items: new Map([[".claude/settings.json#enabledPlugins", hash]]) })
  const { own, warned } = worldOf({ trusted })
  await own.markets.add(market)
  await installed(own, "demo@m", { isUnsigned: true })
  await own.enable("demo", false)
  expect(await own.port.enabled({ cwd: project })).toEqual([])
  hash = sha256(JSON.stringify(enabledPlugins))
  expect((await own.port.enabled({ cwd: project })).map(({ name }) => name)).toEqual(["demo"])
  expect(warned).toEqual([
    "This project asks for the plugin other@m, which is not installed: skein plugin install other@m",
  ])
  expect(await own.port.enabled({ cwd: "/" })).toEqual([])
})

test("nothing asks who is trusted where a project brings no plugin", async () => {
  const { own } = worldOf({ trusted: () => Promise.reject(new Error("asked")) })
  expect(await own.port.enabled({ cwd: folderOf({ "a.md": "", ".agents/plugins": "a file" }) })).toEqual([])
})
