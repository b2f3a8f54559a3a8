import { afterEach, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { Json } from "@skein/protocol/json"
import type { FoundServer } from "./found.ts"
import { configured, IMPORTS } from "./read.ts"

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

interface Given {
  readonly files?: Readonly<Record<string, string>>
  readonly own?: Json
  readonly configs?: readonly string[]
  readonly isStrict?: boolean
  readonly imports?: readonly string[]
}

/** A home `h` and a repository `w`; the folder that is worked in is `w/in`. */
function read({ files = {}, own = {}, configs = [], isStrict = false, imports = IMPORTS }: Given) {
  const at = mkdtempSync(join(tmpdir(), "skein-mcp-"))
  made.push(at)
  mkdirSync(join(at, "w/in"), { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true })
    writeFileSync(join(at, name), text.replaceAll("$AT", at))
  }
  const { servers, problems } = configured({
    ...{ home: join(at, "h"), codexHome: join(at, "h/.codex"), vscodeFolder: join(at, "h/.config/Code/User") },
    projectOf: () => join(at, "w"),
    imports: () => imports,
    own: () => ({ servers: own, file: join(at, "h/.config/skein/config.toml") }),
    flags: { configs, isStrict, cwd: join(at, "w/in") },
  }).read(join(at, "w/in"), [], [])
  const plain = (text: string) => text.replaceAll(at, "")
  return { servers, problems: problems.map(plain), lines: servers.map((one) => plain(lineOf(one))) }
}

function lineOf({ name, scope, file, spec, problem, item }: FoundServer): string {
  const { transport } = spec ?? {}
  const target = transport?.kind === "stdio" ? [transport.command, ...transport.args].join(" ") : undefined
  const address =
    transport?.kind === "http" || transport?.kind === "sse" ? `${transport.kind} ${transport.url}` : undefined
  return [name, scope, file, target ?? address ?? problem, item && `#${item.place}`].filter(Boolean).join(" | ")
}

const stdio = (command: string) => JSON.stringify({ command })

test("MCP-03: servers of every program are found where it keeps them, in the form in which it writes them", () => {
  const { lines, problems } = read({
    files: {
      "w/.mcp.json": `{"mcpServers": {"root": ${stdio("a")}}}`,
      "w/in/.mcp.json": `{"inner": ${stdio("b")}}`,
      "w/.skein/config.toml": '[mcp_servers.ours]\ncommand = "c"\nargs = ["-x"]',
      "w/.vscode/mcp.json": `{"servers": {"code": {"type": "http", "url": "https://code.example/mcp"}}}`,
      "w/.cursor/mcp.json": `{"mcp": {"servers": {"cursor": ${stdio("d")}}}}`,
      "w/.codex/config.toml": '[mcp_servers.codex]\nurl = "https://codex.example/mcp"',
      "h/.claude.json": `{"mcpServers": {"mine": {"type": "sse", "url": "https://mine.example/sse"}},
        "projects": {"$AT/w": {"mcpServers": {"here": ${stdio("e")}}}}}`,
      "h/.codex/config.toml": '[mcp_servers.own-codex]\ncommand = "f"',
      "h/.cursor/mcp.json": `{"mcpServers": {"own-cursor": ${stdio("g")}}}`,
      "h/.config/Code/User/mcp.json": `// mine\n{"servers": {"own-code": ${stdio("i")}}}`,
    },
    own: { skein: { command: "j" } },
  })
  expect({ lines, problems }).toEqual({
    lines: [
      "code | project | /w/.vscode/mcp.json | http https://code.example/mcp | #servers.code",
      "codex | project | /w/.codex/config.toml | http https://codex.example/mcp | #mcp_servers.codex",
      "cursor | project | /w/.cursor/mcp.json | d | #mcp.servers",
      "here | user | /h/.claude.json | e",
      "inner | project | /w/in/.mcp.json | b | #inner",
      "mine | user | /h/.claude.json | sse https://mine.example/sse",
      "ours | project | /w/.skein/config.toml | c -x | #mcp_servers.ours",
      "own-code | user | /h/.config/Code/User/mcp.json | i",
      "own-codex | user | /h/.codex/config.toml | f",
      "own-cursor | user | /h/.cursor/mcp.json | g",
      "root | project | /w/.mcp.json | a | #mcpServers.root",
      "skein | user | /h/.config/skein/config.toml | j",
    ],
    problems: [],
  })
})

test("the strongest word for a name holds: the command line, then the nearest folder, then the person's files", () => {
  const files = {
    "w/.mcp.json": `{"mcpServers": {"a": ${stdio("outer")}, "b": ${stdio("outer")}, "c": ${stdio("outer")}}}`,
    "w/in/.mcp.json": `{"mcpServers": {"b": ${stdio("inner")}, "c": ${stdio("inner")}}}`,
    "h/.claude.json": `{"mcpServers": {"a": ${stdio("mine")}, "d": ${stdio("mine")}}}`,
  }
  const configs = [`{"mcpServers": {"c": ${stdio("flag")}}}`]
  const commands = (given: Given) =>
    read(given).lines.map((line) => line.replace(/^(\w) .*\| (\w+)(?: \| .*)?$/, "$1 $2"))
  expect(commands({ files, configs })).toEqual(["a outer", "b inner", "c flag", "d mine"])
  expect(commands({ files, configs, isStrict: true })).toEqual(["c flag"])
  expect(commands({ files, imports: [] })).toEqual(["a outer", "b inner", "c inner"])
})

test("what cannot be used is named with why, and no value of it is shown", () => {
  const { lines, problems } = read({
    files: {
      "w/.mcp.json": JSON.stringify({
        mcpServers: {
          empty: {},
          asks: { command: "x", env: { KEY: "${input:api-key}" } },
          odd: { type: "carrier-pigeon", url: "https://x.example" },
          file: { url: "file:///etc/passwd" },
          bare: "s3cret",
        },
      }),
      "h/.cursor/mcp.json": '{"mcpServers": {s3cret',
    },
    configs: ["nowhere.json", "{s3cret"],
  })
  expect([...lines, ...problems].join("\n")).not.toContain("s3cret")
  const where = "| project | /w/.mcp.json |"
  const stands = "It stands in /w/.mcp.json."
  expect(lines).toEqual([
    `asks ${where} "asks" asks for \${input:api-key}, which only VS Code does. Write \${API_KEY} there and set that variable. ${stands}`,
    `bare ${where} "bare" is no table of settings. ${stands}`,
    `empty ${where} "empty" has neither a command nor a url. ${stands}`,
    `file ${where} "file" has an address that is neither https nor http. ${stands}`,
    `odd ${where} "odd" has the type "carrier-pigeon": skein speaks stdio, http and sse. ${stands}`,
  ])
  expect(problems).toEqual([
    "There is no /w/in/nowhere.json.",
    "What --mcp-config gives is neither JSON nor a file.",
    "/h/.cursor/mcp.json cannot be read. Correct it, or move it away.",
  ])
})

test("Codex's keys mean here what they mean there, and secrets that are only named stay names", () => {
  const { servers } = read({
    own: {
      a: {
        ...{ command: "a", env: { A: "1" }, env_vars: ["TOKEN"], startup_timeout_sec: 2.5, tool_timeout_sec: 7 },
        ...{ enabled_tools: ["x", "y*"], disabled_tools: ["yz"], required: true, network: ["a.example"] },
        tools: { x: { approval_mode: "prompt" }, y: { approval_mode: "approve" } },
      },
      b: { url: "https://b.example", bearer_token_env_var: "B", env_http_headers: { "X-Key": "K" }, enabled: false },
    },
  })
  expect(
    servers.map(({ spec, isEnabled, isRequired, hosts, asked, approved }) => ({
      ...{ spec, isEnabled, isRequired, hosts, asked: [...asked], approved: [...approved] },
    })),
  ).toEqual([
    {
      spec: {
        name: "a",
        transport: { kind: "stdio", command: "a", args: [], env: { TOKEN: "${TOKEN}", A: "1" } },
        ...{ startTimeoutMs: 2500, callTimeoutMs: 7000, tools: ["x", "y*"], toolsDenied: ["yz"] },
      },
      ...{ isEnabled: true, isRequired: true, hosts: ["a.example"], asked: ["x"], approved: ["y"] },
    },
    {
      spec: {
        name: "b",
        transport: {
          kind: "http",
          url: "https://b.example",
          headers: { Authorization: "Bearer ${B}", "X-Key": "${K}" },
        },
      },
      ...{ isEnabled: false, isRequired: false, hosts: [], asked: [], approved: [] },
    },
  ])
})

test("a project neither frees a server of its sandbox, nor opens hosts, nor approves tools, nor holds turns up", () => {
  const { servers } = read({
    files: {
      "w/.skein/config.toml":
        '[mcp_servers.x]\ncommand = "x"\nsandbox = "full-access"\nnetwork = ["*"]\nrequired = true\n[mcp_servers.x.tools.t]\ndecision = "allow"',
    },
  })
  const [{ isUnconfined, hosts, approved, isRequired } = { hosts: [], approved: new Set() }] = servers
  expect({ isUnconfined, hosts, approved: [...approved], isRequired }).toEqual({
    ...{ isUnconfined: false, hosts: [], approved: [], isRequired: false },
  })
})

test("servers that Claude's settings turn off are off; of two that a model would call alike, the second is left out and told", () => {
  const { servers, problems } = read({
    files: {
      "w/.mcp.json": `{"mcpServers": {"a.b": ${stdio("one")}, "a b": ${stdio("two")}, "c": ${stdio("three")}}}`,
      "w/.claude/settings.local.json": '{"disabledMcpjsonServers": ["c"], "enableAllProjectMcpServers": true}',
    },
  })
  expect(servers.map(({ name, group, isEnabled }) => ({ name, group, isEnabled }))).toEqual([
    { name: "a.b", group: "a_b", isEnabled: true },
    { name: "c", group: "c", isEnabled: false },
  ])
  expect(problems).toEqual(["The server a b is left out: a.b has the same name for a model."])
})

test("a project's settings turn off servers of projects and none of the person's own", () => {
  const off = '{"disabledMcpjsonServers": ["own", "theirs"]}'
  const { servers } = read({
    files: { "w/.mcp.json": `{"mcpServers": {"theirs": ${stdio("a")}}}`, "w/.claude/settings.json": off },
    own: { own: { command: "b" } },
  })
  expect(servers.map(({ name, isEnabled }) => ({ name, isEnabled }))).toEqual([
    { name: "own", isEnabled: true },
    { name: "theirs", isEnabled: false },
  ])
})

test("a project's server of the same name stands before the person's own, which is known behind it", () => {
  const { servers } = read({
    files: { "w/.mcp.json": `{"mcpServers": {"git": ${stdio("theirs")}}}` },
    own: { git: { command: "mine" } },
  })
  const [git] = servers
  const commands = [git, git?.hides].map((one) => one?.spec?.transport)
  expect(commands).toMatchObject([{ command: "theirs" }, { command: "mine" }])
})
