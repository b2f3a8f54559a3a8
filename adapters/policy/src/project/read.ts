import { join } from "node:path"
import { type Rule, SkeinError } from "@skein/protocol"
import { asList, asObject, asText, asTexts } from "@skein/protocol/json"
import { parseHostRule, readRules } from "@skein/protocol/rule-strings"
import { patternOf } from "../content/pattern.ts"

/** A rule of a project that is checked when a tool is called: it forbids, asks, or tells the model something. */
export type ProjectRule = Omit<Rule, "decision"> & { readonly decision: "deny" | "ask" | "warn" }

export interface ReadProjectRules {
  readonly rules: readonly ProjectRule[]
  /** What is wrong with a rule, which is left out; sentences for a person. */
  readonly flaws: readonly string[]
}

const RULES_MAX = 500
const KEYS: ReadonlySet<string> = new Set(["tools", "paths", "commands", "content", "decision", "message"])

/** `[[rule]]` tables in TOML. Paths begin at `folder`. Throws SkeinError `config.invalid` for what is no TOML. */
export function readProjectRules(
  text: string,
  file: string,
  folder: string,
  scope: "project" | "user",
): ReadProjectRules {
  const tables = asList(tablesIn(text, file)).slice(0, RULES_MAX)
  const read = tables.map((table, at) => ofTable(asObject(table) ?? {}, { folder, scope, file, number: at + 1 }))
  return {
    rules: read.flatMap((each) => (typeof each === "string" ? [] : each)),
    flaws: read.flatMap((each) => (typeof each === "string" ? [each] : [])),
  }
}

function tablesIn(text: string, file: string): unknown {
  try {
    return asObject(Bun.TOML.parse(text))?.rule ?? []
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : "it is no TOML"
    throw new SkeinError(
      "config.invalid",
      `Cannot use the rules in ${file}: ${what}. None of them holds until it is corrected.`,
      { cause },
    )
  }
}

interface Origin {
  readonly folder: string
  readonly scope: "project" | "user"
  readonly file: string
  readonly number: number
}

type Table = Readonly<Record<string, unknown>>

function ofTable(table: Table, origin: Origin): readonly ProjectRule[] | string {
  const wrong = (what: string) => `${origin.file}: rule ${origin.number} is left out: ${what}.`
  const unknown = Object.keys(table).find((key) => !KEYS.has(key))
  if (unknown !== undefined) return wrong(`${JSON.stringify(unknown)} is no part of one; ${[...KEYS].join(", ")} are`)
  const { decision } = table
  if (decision !== "deny" && decision !== "ask" && decision !== "warn")
    return wrong('its decision is "deny", "ask" or "warn": a project only narrows')
  const message = asText(table.message)
  if (message === undefined || message.trim() === "") return wrong("it has no message, which says why")
  const commands = asTexts(table.commands)
  const paths = asTexts(table.paths)
  const content = asText(table.content)
  if (commands.length > 0 && (paths.length > 0 || content !== undefined))
    return wrong("commands stand in a rule of their own, without paths or content")
  const flaw = content === undefined ? undefined : flawOf(content)
  if (flaw !== undefined) return wrong(`its content cannot be searched for: ${flaw}`)
  const tools = toolsOf(asTexts(table.tools), commands.length > 0)
  if (tools.length === 0) return wrong("none of its tools is known")
  const said = { scope: origin.scope, reason: message.trim(), source: origin.file, decision } as const
  const conditions = conditionsOf({ commands, paths, content }, origin.folder)
  return tools.flatMap((tool) => conditions.map((condition) => ({ tool, ...condition, ...said })))
}

/** Names as ours or as Claude Code's; all where none is given. */
function toolsOf(names: readonly string[], hasCommands: boolean): readonly string[] {
  if (names.length === 0) return [hasCommands ? "bash" : "*"]
  const { rules } = readRules(names.map(parseHostRule), "ask", "project", { cwd: "/" })
  return [...new Set(rules.map(({ tool }) => tool))]
}

interface Conditions {
  readonly commands: readonly string[]
  readonly paths: readonly string[]
  readonly content: string | undefined
}

function conditionsOf(
  { commands, paths, content }: Conditions,
  folder: string,
): readonly Omit<Rule, "tool" | "decision" | "scope">[] {
  if (commands.length > 0) return commands.map((command) => ({ command }))
  const written = content === undefined ? {} : { content, access: "write" as const }
  if (paths.length === 0) return [written]
  return paths.map((path) => ({ path: path.startsWith("/") ? path : join(folder, path), ...written }))
}

function flawOf(content: string): string | undefined {
  try {
    patternOf(content)
    return undefined
  } catch (error) {
    if (error instanceof SyntaxError) return error.message
    throw error
  }
}
