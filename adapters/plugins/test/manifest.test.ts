import { expect, test } from "bun:test"
import { symlinkSync } from "node:fs"
import { join } from "node:path"
import { readPlugin } from "../src/manifest/plugin.ts"
import { CLAUDE_PLUGIN, CODEX_PLUGIN, folderOf } from "./world.ts"

test("a plugin of Claude Code is read as it is: what its manifest names, and what lies at the usual places", () => {
  const root = folderOf(CLAUDE_PLUGIN)
  const { plugin, problems } = readPlugin(root)
  expect(plugin).toEqual({
    ...{ name: "deployment-tools", version: "2.1.0", description: "Deployment automation tools", root },
    ...{ kinds: ["claude"], capabilities: [] },
    parts: {
      skills: [join(root, "skills")],
      commands: [join(root, "commands"), join(root, "custom/commands/special.md")],
      agents: [join(root, "custom/agents")],
      outputStyles: [join(root, "output-styles")],
      hooks: [
        { file: join(root, "hooks/hooks.json") },
        { file: join(root, ".claude-plugin/plugin.json"), value: CLAUDE_PLUGIN[".claude-plugin/plugin.json"].hooks },
      ],
      mcpServers: [{ file: join(root, "mcp-config.json") }],
      extensions: [],
    },
  })
  expect(problems).toEqual([
    {
      file: ".claude-plugin/plugin.json",
      place: "lspServers",
      why: "Language servers of plugins are not used by skein.",
      isError: false,
    },
  ])
})

test("a plugin of Codex is read as it is; that its apps are not there is said", () => {
  const root = folderOf(CODEX_PLUGIN)
  const { plugin, problems } = readPlugin(root)
  expect(plugin?.name).toBe("linear_tools")
  expect(plugin?.parts.skills).toEqual([join(root, "skills")])
  expect(plugin?.parts.mcpServers).toEqual([{ file: join(root, ".mcp.json") }])
  expect(problems.map(({ place, isError }) => `${place} ${isError}`)).toEqual(["apps false"])
})

test("a manifest that names no parts has those at the usual places", () => {
  const root = folderOf({ ".codex-plugin/plugin.json": { name: "a" }, "skills/x/SKILL.md": "", "hooks/hooks.json": {} })
  expect(readPlugin(root).plugin?.parts).toMatchObject({
    skills: [join(root, "skills")],
    commands: [],
    hooks: [{ file: join(root, "hooks/hooks.json") }],
  })
})

test("a folder without a manifest is a plugin only under a name that somebody gave it", () => {
  const root = folderOf({ "commands/a.md": "a" })
  expect(readPlugin(root).problems[0]?.why).toContain("No manifest is in it")
  expect(readPlugin(root, "given").plugin?.parts.commands).toEqual([join(root, "commands")])
})

test("what is wrong with a manifest is told with the place in it and what would be right", () => {
  const root = folderOf({
    ".codex-plugin/plugin.json": {
      name: "has space",
      version: 3,
      skills: "skills",
      hooks: [["./a"], "./../x.json"],
      interface: { defaultPrompt: ["a", "b", "c", "d"], brandColor: "red", logo: "/etc/passwd", shortDescription: [] },
    },
  })
  const { plugin, problems } = readPlugin(root)
  expect(plugin).toBeUndefined()
  expect(problems.map(({ place, why }) => `${place}: ${why}`)).toEqual(
    [
      'name: It takes a name of letters, digits, - and _, at most 64, not "has space".',
      "version: It takes a version as 1.2.3, not a number.",
      'skills: It takes a path that starts with ./, not "skills".',
      "hooks[0]: It takes an object, not a list.",
      'hooks[1]: "./../x.json" leads out of the plugin.',
      "interface.shortDescription: It takes a text, not a list.",
      "interface.defaultPrompt: It has 4 entries; 3 is the most.",
      'interface.brandColor: It takes a color as #1a2b3c, not "red".',
      'interface.logo: It takes a path that starts with ./, not "/etc/passwd".',
    ].toSorted(byInput(problems.map(({ place }) => place))),
  )
})

test("a manifest that is missing its name, is no JSON or is no object is an error of that file", () => {
  const whyOf = (text: string) => readPlugin(folderOf({ ".claude-plugin/plugin.json": text })).problems[0]
  expect(whyOf("{}")).toMatchObject({ place: "name", why: "It is missing.", isError: true })
  expect(whyOf("{,}")?.why).toStartWith("It is no JSON: ")
  expect(whyOf("[]")?.why).toBe("It takes an object, not a list.")
  expect(whyOf(`"${"x".repeat(1_000_001)}"`)?.why).toBe("It has 1000003 bytes; 1000000 is the most.")
})

test("a part behind a link out of the plugin is not loaded", () => {
  const elsewhere = folderOf({ "a/SKILL.md": "stolen" })
  const root = folderOf({ ".claude-plugin/plugin.json": { name: "a", commands: "./linked" }, "x.md": "" })
  symlinkSync(elsewhere, join(root, "skills"))
  symlinkSync(elsewhere, join(root, "linked"))
  const { plugin, problems } = readPlugin(root)
  expect(plugin?.parts.skills).toEqual([])
  expect(plugin?.parts.commands).toEqual([])
  expect(problems.map(({ why }) => why)).toEqual(["./linked is a link out of the plugin."])
})

test("a manifest behind a link out of the plugin is refused", () => {
  const elsewhere = folderOf({ "plugin.json": { name: "a" } })
  const root = folderOf({ "x.md": "" })
  symlinkSync(elsewhere, join(root, ".claude-plugin"))
  expect(readPlugin(root).problems).toMatchObject([{ why: "It is a link out of the plugin.", isError: true }])
})

test("skein's own manifest beside another adds what it says and leaves the rest to that", () => {
  const root = folderOf({
    ...CLAUDE_PLUGIN,
    "skein-plugin.json": {
      ...{ name: "deployment-tools", version: "2.1.1", extensions: "./tool.ts" },
      capabilities: ["network:api.example.com:443", "workspace:write"],
    },
    "tool.ts": "",
  })
  const { plugin } = readPlugin(root)
  expect(plugin?.version).toBe("2.1.1")
  expect(plugin?.parts.commands).toHaveLength(2)
  expect(plugin?.parts.extensions).toEqual([
    { file: join(root, "tool.ts"), network: ["api.example.com:443"], canWriteWorkspace: true },
  ])
})

test("a capability that nobody knows is an error, not less than was asked", () => {
  const root = folderOf({ "skein-plugin.json": { name: "a", version: "1", capabilities: ["everything"] } })
  expect(readPlugin(root).problems).toMatchObject([{ place: "capabilities[0]", isError: true }])
})

function byInput(places: readonly string[]) {
  return (a: string, b: string) => places.indexOf(a.split(": ")[0] ?? "") - places.indexOf(b.split(": ")[0] ?? "")
}
