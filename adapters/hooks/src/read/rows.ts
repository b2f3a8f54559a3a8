import { HOOK_EVENTS, type HookEvent } from "@skein/core/ports"
import { asList, asNumber, asObject, asText, asTexts, type Json } from "@skein/protocol/json"
import type { Flaw, Handler, HookRow, Source } from "../row.ts"
import type { DialectId } from "../words/dialect.ts"
import { DIALECTS } from "../words/dialects.ts"

export interface ReadHooks {
  readonly rows: readonly HookRow[]
  readonly flaws: readonly Flaw[]
}

/** A file that holds hooks, taken apart. */
export interface HookValues {
  /** Events with their groups. */
  readonly hooks: unknown
  /** What leads to them: `hooks`, or nothing where they are the whole value. */
  readonly place: string
  readonly dialect: DialectId
  readonly source: Omit<Source, "place" | "sha256">
}

/** Hooks of one file. What cannot be understood is left out and named; the rest holds. */
export function rowsOf(values: HookValues): ReadHooks {
  const events = asObject(values.hooks)
  const { file } = values.source
  if (events === undefined)
    return { rows: [], flaws: [{ file, place: values.place, why: "Expected events with lists of hooks." }] }
  const read = Object.entries(events)
    .filter(([event]) => !SETTINGS.has(event))
    .map(([event, groups]) => eventOf(event, groups, values))
  const rows = read.flatMap((each) => each.rows)
  const flaws = read.flatMap((each) => each.flaws)
  if (rows.length <= ROWS_MAX) return { rows, flaws }
  const why = `It sets ${rows.length} hooks; those beyond the first ${ROWS_MAX} are left out.`
  return { rows: rows.slice(0, ROWS_MAX), flaws: [...flaws, { file, place: values.place, why }] }
}

const NO_POINT = "skein has no point of this name, so nothing is run there."
/** A longer timer would be over at once. */
const TIMER_MS_MAX = 2 ** 31 - 1
/** Of one file. */
const ROWS_MAX = 1_000
/** Of skein's own table, which stand among the events. */
const SETTINGS: ReadonlySet<string> = new Set(["import", "enabled", "state"])

/** A value's text as trust holds it to a hash. */
export function sha256Of(content: string | Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(content).digest("hex")
}

function eventOf(name: string, groups: unknown, values: HookValues): ReadHooks {
  const { file } = values.source
  const place = [values.place, name].filter((part) => part !== "").join(".")
  const event = HOOK_EVENTS.find((known) => known === name)
  if (event === undefined) {
    const near = HOOK_EVENTS.find((known) => known.toLowerCase() === name.toLowerCase())
    const hint = near === undefined ? "" : ` Did you mean ${near}?`
    return {
      rows: [],
      flaws: [{ file, place, why: `${NO_POINT}${hint}`, ...(near === undefined ? { isQuiet: true } : {}) }],
    }
  }
  if (!Array.isArray(groups)) return { rows: [], flaws: [{ file, place, why: "Expected a list." }] }
  const read = asList(groups).map((group, at) => groupOf(event, group, `${place}[${at}]`, values))
  return { rows: read.flatMap(({ rows }) => rows), flaws: read.flatMap(({ flaws }) => flaws) }
}

function groupOf(event: HookEvent, group: unknown, place: string, values: HookValues): ReadHooks {
  const { source, dialect } = values
  const flaw = (why: string, below = ""): Flaw => ({ file: source.file, place: `${place}${below}`, why })
  const table = asObject(group)
  if (table === undefined) return { rows: [], flaws: [flaw("Expected an object.")] }
  if (table.matcher !== undefined && typeof table.matcher !== "string")
    return { rows: [], flaws: [flaw("Expected matcher to be a text.")] }
  const matcher = asText(table.matcher)
  const unread = matcher === undefined ? undefined : DIALECTS[dialect].matcherFlaw(matcher)
  if (unread !== undefined) return { rows: [], flaws: [flaw(unread)] }
  // A handler may stand without a group around it.
  const handlers = table.hooks === undefined ? [group] : table.hooks
  if (!Array.isArray(handlers)) return { rows: [], flaws: [flaw("Expected hooks to be a list.")] }
  const sha256 = sha256Of(JSON.stringify(group) ?? "")
  const read = handlers.map((entry, at): ReadHooks => {
    const row = rowOf(event, matcher, asObject(entry), { ...source, place, sha256 }, dialect)
    if (typeof row !== "string") return { rows: [row], flaws: [] }
    return { rows: [], flaws: [flaw(row, table.hooks === undefined ? "" : `.hooks[${at}]`)] }
  })
  return { rows: read.flatMap(({ rows }) => rows), flaws: read.flatMap(({ flaws }) => flaws) }
}

/** A sentence where it is none. */
function rowOf(
  event: HookEvent,
  matcher: string | undefined,
  entry: Json | undefined,
  source: Source,
  dialect: DialectId,
): HookRow | string {
  if (entry === undefined) return "Expected an object."
  const handler = handlerOf(entry)
  if (typeof handler === "string") return handler
  const seconds = entry.timeout ?? entry.timeoutSec
  if (seconds !== undefined && !(asNumber(seconds) !== undefined && Number(seconds) > 0))
    return "Expected timeout to be a number of seconds above 0."
  return {
    ...{ event, matcher, handler, dialect, source },
    condition: asText(entry.if),
    timeoutMs: Math.min(DIALECTS[dialect].timeoutMs(event, asNumber(seconds)), TIMER_MS_MAX),
    isAsync: entry.async === true || entry.asyncRewake === true,
    isOnce: entry.once === true,
    isStrict: entry.onFailure === "block",
    status: asText(entry.statusMessage),
  }
}

function handlerOf(entry: Json): Handler | string {
  const type = entry.type ?? (entry.url === undefined ? "command" : "http")
  switch (type) {
    case "command":
      return commandOf(entry)
    case "http":
      return httpOf(entry)
    case "prompt":
    case "agent":
    case "mcp_tool":
      return {
        kind: "unsupported",
        type: String(type),
        why: `skein has no hooks of type ${type}: have a command do it.`,
      }
    default:
      return `Expected type to be "command" or "http", found ${JSON.stringify(type)?.slice(0, 40)}.`
  }
}

function commandOf(entry: Json): Handler | string {
  const { command, args } = entry
  if (Array.isArray(command)) {
    const words = asTexts(command)
    return words.length === command.length && words.length > 0 ? { kind: "command", command: words } : EXPECTED_COMMAND
  }
  if (typeof command !== "string" || command.trim() === "") return EXPECTED_COMMAND
  if (args === undefined) return { kind: "command", command }
  const words = asTexts(args)
  if (!Array.isArray(args) || words.length !== args.length) return "Expected args to be a list of texts."
  return { kind: "command", command: [command, ...words] }
}

const EXPECTED_COMMAND = "Expected command to be a shell line, or a list of a program and its arguments."

function httpOf(entry: Json): Handler | string {
  const url = asText(entry.url)
  if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url))
    return "Expected url to start with http:// or https://."
  const headers = asObject(entry.headers) ?? {}
  const named = Object.entries(headers)
  if (named.some(([name, value]) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || typeof value !== "string"))
    return "Expected headers to be names with texts."
  return {
    kind: "http",
    url,
    headers: Object.fromEntries(named.map(([name, value]) => [name, String(value)])),
    variables: asTexts(entry.allowedEnvVars),
  }
}
