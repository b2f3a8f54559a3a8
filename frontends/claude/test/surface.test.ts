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

function flawOf({ id, by }: SurfaceRow): string | undefined {
  if (by === undefined) return undefined
  const file = fileOf(by)
  if (file === undefined) return `${id}: there is no ${by}`
  const name = id.slice(id.indexOf(".") + 1)
  const text = readFileSync(file, "utf8")
  const camel = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const words = [name, snake(name), camel, ...(ALSO[name] ?? [])]
  return words.some((word) => text.includes(word)) || IMPLIED.has(id) ? undefined : `${id}: ${by} does not speak of it`
}

/** What the SDK's methods call requests, and the wire calls lines. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  APIRetry: ["api_retry"],
  mcp_status: ["mcpServerStatus"],
  mcp_set_servers: ["setMcpServers"],
  mcp_reconnect: ["reconnectMcpServer"],
  mcp_toggle: ["toggleMcpServer"],
  hook_callback: ["hooks"],
  elicitation: ["onElicitation"],
  get_usage: ["usage_EXPERIMENTAL"],
}

/** What a test uses without its name: lines that are read by their kind. */
const IMPLIED = new Set([
  ...["message.UserMessageReplay", "message.PartialAssistant", "query.streamInput", "query.close", "option.executable"],
  ...["option.executableArgs"],
])
