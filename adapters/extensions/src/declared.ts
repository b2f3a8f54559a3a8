import { HOOK_EVENTS, type HookEvent } from "@skein/core/ports"
import { visible } from "@skein/protocol"
import { asList, asNumber, asObject, asText, type Json } from "@skein/protocol/json"

/** What an extension says that it has, bounded and with what hides in it made visible. */
export interface Declared {
  readonly tools: readonly DeclaredTool[]
  readonly commands: readonly DeclaredCommand[]
  readonly hooks: readonly DeclaredHook[]
  /** What of it is left out, and why: sentences. */
  readonly flaws: readonly string[]
}

export interface DeclaredTool {
  readonly name: string
  readonly description: string
  readonly inputSchema: Json
  /** Its own word, which grants nothing. */
  readonly isReadOnlyHinted: boolean
  readonly timeoutMs: number
}

export interface DeclaredCommand {
  readonly name: string
  readonly summary: string
  readonly usage: string
}

export interface DeclaredHook {
  readonly event: HookEvent
  readonly match?: string | undefined
}

const ITEMS_MAX = 100
const DESCRIPTION_CHARS_MAX = 2_048
const SCHEMA_CHARS_MAX = 32_000
const TIMEOUT_MS = 60_000
const TIMEOUT_MS_MAX = 600_000
/** Both names of a tool fit beside each other into what the stricter providers take. */
const TOOL_NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/
const COMMAND_NAME = /^[a-z0-9][a-z0-9_-]{0,39}$/

/** Reads what a process told. Nothing of it is believed; what does not fit is left out and told. */
export function declaredIn(value: unknown): Declared {
  const said = asObject(value) ?? {}
  const flaws: string[] = []
  const unique = new Set<string>()
  const each = <T>(kind: string, read: (row: Json) => T | string): readonly T[] =>
    asList(said[kind])
      .slice(0, ITEMS_MAX)
      .flatMap((row) => {
        const made = read(asObject(row) ?? {})
        if (typeof made !== "string") return [made]
        flaws.push(made)
        return []
      })
  const isNew = (key: string) => !unique.has(key) && unique.add(key) !== undefined
  return {
    tools: each("tools", (row) => toolOf(row, isNew)),
    commands: each("commands", (row) => commandOf(row, isNew)),
    hooks: each("hooks", hookOf),
    flaws,
  }
}

function toolOf(row: Json, isNew: (key: string) => boolean): DeclaredTool | string {
  const name = asText(row.name) ?? ""
  if (!TOOL_NAME.test(name)) return `A tool is left out: ${shown(row.name)} is no name of letters, digits and _.`
  if (!isNew(`tool ${name}`)) return `A second tool ${name} is left out.`
  const inputSchema = asObject(row.inputSchema)
  const { type = "object" } = inputSchema ?? {}
  if (inputSchema === undefined || type !== "object")
    return `The tool ${name} is left out: its input is no object's schema.`
  if (JSON.stringify(inputSchema).length > SCHEMA_CHARS_MAX)
    return `The tool ${name} is left out: its schema is too large.`
  const effects = row.effects === undefined ? undefined : asList(row.effects)
  return {
    ...{ name, description: cleaned(asText(row.description) ?? "", DESCRIPTION_CHARS_MAX) },
    inputSchema: { type: "object", ...inputSchema },
    isReadOnlyHinted: effects?.every((effect) => effect === "read") === true,
    timeoutMs: Math.min(Math.max(asNumber(row.timeoutMs) ?? TIMEOUT_MS, 1_000), TIMEOUT_MS_MAX),
  }
}

function commandOf(row: Json, isNew: (key: string) => boolean): DeclaredCommand | string {
  const name = asText(row.name) ?? ""
  if (!COMMAND_NAME.test(name))
    return `A command is left out: ${shown(row.name)} is no name of small letters, digits, - and _.`
  if (!isNew(`command ${name}`)) return `A second command ${name} is left out.`
  const line = (value: unknown) => cleaned(asText(value) ?? "", 80).replace(/\s+/g, " ")
  return { name, summary: line(row.summary), usage: line(row.usage) }
}

function hookOf(row: Json): DeclaredHook | string {
  const event = HOOK_EVENTS.find((known) => known === row.event)
  if (event === undefined) return `A hook is left out: there is no point ${shown(row.event)}.`
  const match = asText(row.match)
  if (match === undefined) return { event }
  return isPattern(match) ? { event, match } : `The hook at ${event} is left out: ${shown(match)} is no pattern.`
}

/** Names and `*` with `|` between them: an expression of an extension's own could be made to take for ever. */
function isPattern(match: string): boolean {
  return match.length <= 500 && /^[\w*]+(\|[\w*]+)*$/.test(match)
}

/** Whether a hook's `match` means this tool. */
export function matches(match: string | undefined, toolName: string | undefined): boolean {
  if (match === undefined || toolName === undefined) return true
  return match.split("|").some((one) => new RegExp(`^${one.replaceAll("*", ".*")}$`).test(toolName))
}

function shown(value: unknown): string {
  return JSON.stringify(cleaned(String(value), 60))
}

/** On as many lines as it has. */
export function cleaned(text: string, charsMax: number): string {
  const plain = visible(text).trim()
  return plain.length <= charsMax ? plain : `${plain.slice(0, charsMax - 1)}…`
}
