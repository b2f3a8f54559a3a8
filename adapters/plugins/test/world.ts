import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { type PersonalPlugins, type PluginsOptions, plugins } from "../src/plugins.ts"

/** A folder with these files; objects are written as JSON. */
export function folderOf(files: Readonly<Record<string, string | object>>, at?: string): string {
  const folder = at ?? realpathSync(mkdtempSync(join(tmpdir(), "plugins-")))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content))
  }
  return folder
}

const skill = (name: string) => `---\nname: ${name}\ndescription: What ${name} is for\n---\nDo it.\n`

/** As the reference of Claude Code lays a plugin out. */
export const CLAUDE_PLUGIN = {
  ".claude-plugin/plugin.json": {
    name: "deployment-tools",
    version: "2.1.0",
    description: "Deployment automation tools",
    author: { name: "Dev Team", email: "dev@company.example" },
    homepage: "https://docs.company.example",
    keywords: ["deployment"],
    commands: ["./custom/commands/special.md"],
    agents: "./custom/agents/",
    hooks: {
      PostToolUse: [{ matcher: "Write", hooks: [{ type: "command", command: "${CLAUDE_PLUGIN_ROOT}/format.sh" }] }],
    },
    mcpServers: "./mcp-config.json",
    lspServers: "./.lsp.json",
  },
  "commands/status.md": "---\ndescription: Show it\n---\nShow the status",
  "custom/commands/special.md": "Be special",
  "custom/agents/tester.md": "---\nname: tester\ndescription: tests\n---\nTest it.",
  "skills/deploy/SKILL.md": skill("deploy"),
  "hooks/hooks.json": { hooks: { Stop: [{ hooks: [{ type: "command", command: "${CLAUDE_PLUGIN_ROOT}/stop.sh" }] }] } },
  "mcp-config.json": { mcpServers: { db: { command: "${CLAUDE_PLUGIN_ROOT}/servers/db", args: ["--ro"] } } },
  "output-styles/terse.md": "---\nname: terse\ndescription: short\n---\nBe terse.",
  "format.sh": "#!/bin/sh\n",
} as const

/** As the documentation of Codex lays a plugin out. */
export const CODEX_PLUGIN = {
  ".codex-plugin/plugin.json": {
    name: "linear_tools",
    version: "0.3.1",
    description: "Issues",
    skills: "./skills/",
    mcpServers: "./.mcp.json",
    apps: "./.app.json",
    interface: {
      displayName: "Linear tools",
      shortDescription: "Issues from the terminal",
      category: "Productivity",
      capabilities: ["Interactive", "Write"],
      defaultPrompt: ["List my issues"],
      brandColor: "#10A37F",
      logo: "./assets/logo.png",
    },
  },
  "skills/triage/SKILL.md": skill("triage"),
  ".mcp.json": { mcpServers: { linear: { url: "https://mcp.linear.example/mcp" } } },
  ".app.json": {},
  "assets/logo.png": "png",
} as const

/** Plugins in a data folder of their own, with what they were warned of. */
export function worldOf(more: Partial<PluginsOptions> = {}) {
  const data = folderOf({})
  const home = more.home ?? folderOf({})
  const warned: string[] = []
  let at = 1_000_000
  const options: PluginsOptions = {
    ...{ folder: join(data, "plugins"), dataFolder: join(data, "plugin-data"), stateFile: join(data, "plugins.json") },
    ...{ home, codexHome: join(home, ".codex"), cwd: home, given: [], temporary: tmpdir(), env: process.env },
    lock: async () => () => ({ kind: "locked", release: () => undefined }),
    // Nothing is fresh enough to be taken for what is asked next.
    now: () => (at += 10_000),
    reach: (url, init) => fetch(url, init),
    ...{ registry: "http://127.0.0.1:9", github: "http://127.0.0.1:9" },
    imports: () => ["claude", "codex"],
    projectOf: (cwd) => cwd,
    trusted: async () => undefined,
    warn: (sentence) => warned.push(sentence),
    leaveOut: async (_, sentence) => void warned.push(sentence),
    ...more,
  }
  return { data, home, warned, own: plugins(options), again: () => plugins(options), options }
}

/** A web server of this machine that has these files. */
export function serverOf(files: Readonly<Record<string, Uint8Array | string | (() => Response)>>) {
  return Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const found = files[new URL(request.url).pathname]
      if (typeof found === "function") return found()
      return found === undefined ? new Response("none", { status: 404 }) : new Response(Buffer.from(found))
    },
  })
}

export async function installed(own: PersonalPlugins, source: string, allowed: object = {}) {
  return await (await own.propose(source, allowed)).agree()
}

/** What an attempt is refused with; fails where it is not. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SkeinError)) throw new Error(`It was not refused: ${String(error)}`)
  return error.message
}
