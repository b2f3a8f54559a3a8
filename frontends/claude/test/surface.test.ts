import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { SURFACE, SURFACE_OF, type SurfaceRow } from "../src/surface.ts"
import { installedVersion, surfaceIds, typings } from "./typings.ts"

const ROOT = join(import.meta.dir, "../../..")
const FOLDERS = ["frontends/claude/test", "frontends/claude/src", "adapters/hooks/test"]

/** The file that a row says shows it. */
function fileOf(by: string): string | undefined {
  const names = [`${by}.test.ts`, `${by}.ts`]
  return FOLDERS.flatMap((folder) => names.map((name) => join(ROOT, folder, name))).find((path) => existsSync(path))
}

/** `PermissionDenied` is `permission_denied` on the wire. */
const snake = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase()

test("every option, method, hook, line, request and function of the typings has a row, and no row is of something else", () => {
  const ids = surfaceIds(typings())
  const rows = SURFACE.map(({ id }) => id)
  expect(ids.filter((id) => !rows.includes(id))).toEqual([])
  expect(rows.filter((id) => !ids.includes(id))).toEqual([])
  expect(rows.length).toBe(new Set(rows).size)
  expect(ids.length).toBeGreaterThan(200)
  expect(installedVersion()).toBe(SURFACE_OF)
})

test("each row names a file that shows it and speaks of it, or says why it does not hold", () => {
  const flaws = SURFACE.filter(({ holds, why, by }) => (holds !== "yes" && !why) || (holds !== "no" && !by))
  expect(flaws).toEqual([])
  expect(SURFACE.flatMap((row) => flawOf(row) ?? [])).toEqual([])
})

/** What a test says of it as code: the words of its comments and of its name show nothing. */
function codeOf(file: string): string {
  return readFileSync(file, "utf8")
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/^\s*\/\/.*$/gm, "")
    .replaceAll(/\btest(?:\.skipIf\(\w+\))?\(\s*"[^"]*"/g, "test(")
}

function flawOf({ id, by }: SurfaceRow): string | undefined {
  if (by === undefined) return undefined
  const file = fileOf(by)
  if (file === undefined) return `${id}: there is no ${by}`
  const [group = "", name = ""] = id.split(".")
  const isShown = (USED[group] ?? []).some((used) => used(name).test(codeOf(file))) || isImplied(id, file)
  return isShown ? undefined : `${id}: ${by} does not use it`
}

const called = (name: string) => new RegExp(`\\.${name}\\(`)
const quoted = (name: string) => new RegExp(`["/ ]${name}["/ ]`)
const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** How a program uses what there is of a kind: an option is set, a method called, a point named, a line read. */
const USED: Readonly<Record<string, readonly ((name: string) => RegExp)[]>> = {
  option: [(name) => new RegExp(`\\b${name}\\??\\s*[:,(}]`), (name) => new RegExp(`--${kebab(name)}\\b`)],
  query: [called],
  hook: [(name) => new RegExp(`\\b${name}\\b`)],
  message: [(name) => quoted(snake(name))],
  control: [quoted, (name) => called(camel(name))],
  function: [(name) => new RegExp(`\\b${name}\\(`)],
}

const kebab = (name: string) => snake(name).replaceAll("_", "-")

/** What a test uses by another name: how the SDK calls requests, and how the wire calls lines. */
const ALSO: Readonly<Record<string, RegExp>> = {
  // Of a program that is a binary the SDK makes no use; that it is one is what the file is about.
  "option.executable": /pathToClaudeCodeExecutable: agent/,
  "option.executableArgs": /pathToClaudeCodeExecutable: agent/,
  "message.PartialAssistant": /"stream_event"/,
  "message.UserMessageReplay": /"isReplay"/,
  "message.APIRetry": /"api_retry"/,
  "control.can_use_tool": /\bcanUseTool\b/,
  "control.mcp_status": /\.mcpServerStatus\(/,
  "control.mcp_set_servers": /\.setMcpServers\(/,
  "control.mcp_reconnect": /\.reconnectMcpServer\(/,
  "control.mcp_toggle": /\.toggleMcpServer\(/,
  "control.hook_callback": /\bhooks\b/,
  "control.elicitation": /\bonElicitation\(/,
  "control.get_usage": /\.usage_EXPERIMENTAL/,
}

function isImplied(id: string, file: string): boolean {
  return ALSO[id]?.test(codeOf(file)) === true
}
