import type { AgentRow } from "@skein/core/ports"
import type { Mode } from "@skein/protocol"
import { type Field, frontmatter } from "@skein/protocol/frontmatter"
import { asksOf, modeOf, toolsOf } from "./words.ts"

export interface AgentFile {
  /** Absolute. */
  readonly path: string
  /** How a person is shown it. */
  readonly shown: string
  readonly text: string
  /** Of its bytes, hex. */
  readonly sha256: string
  readonly origin: "person" | "project"
  /** The plugin that brings it: its name begins with that. */
  readonly plugin?: string | undefined
}

export interface ReadAgent {
  readonly row?: AgentRow | undefined
  readonly warnings: readonly string[]
}

const NAME = /^[a-z0-9][\w-]{0,47}$/i
const SUMMARY_CHARS_MAX = 400

interface Draft {
  name?: string
  summary?: string
  tools?: string[]
  toolsDenied: string[]
  mode?: Mode
  stepsMax?: number
  timeoutMs?: number
  asks?: AgentRow["asks"]
  isIsolated?: boolean
}

/** An agent as a Markdown file says it: its head what it may, its body its instructions. What is wrong is told by line. */
export function readAgent(file: AgentFile): ReadAgent {
  const parsed = frontmatter(file.text)
  const at = (line: number, why: string) => `${file.shown}:${line}: ${why}`
  if (parsed === undefined)
    return {
      warnings: [at(1, "it is no agent: it must begin with --- and keys as name and description. It is left out.")],
    }
  const draft: Draft = { toolsDenied: [] }
  const warnings = parsed.flaws.map(({ line, why }) => at(line, `${why}.`))
  for (const field of parsed.fields) {
    const why =
      FIELDS[keyOf(field.key)]?.(draft, field) ?? (isKnown(field.key) ? undefined : `${field.key} is not gone by`)
    if (why !== undefined) warnings.push(at(field.line, `${why}.`))
  }
  const name = draft.name ?? nameOf(file.path)
  const lineOf = (key: string) => parsed.fields.find((field) => keyOf(field.key) === key)?.line ?? 1
  if (!NAME.test(name))
    return {
      warnings: [
        ...warnings,
        at(
          lineOf("name"),
          `${JSON.stringify(name)} is no name for an agent: letters, digits, - and _. It is left out.`,
        ),
      ],
    }
  if (parsed.body === "")
    return { warnings: [...warnings, at(1, "it has no instructions below its head. It is left out.")] }
  const { name: _, summary = "", toolsDenied, ...rest } = draft
  if (summary === "") warnings.push(at(1, "it has no description, so no model knows what it is for."))
  const facts = {
    name: file.plugin === undefined ? name : `${file.plugin}:${name}`,
    origin: file.origin,
    path: file.path,
    summary: summary || "(no description)",
  }
  return { row: { ...facts, ...rest, toolsDenied, instructions: parsed.body }, warnings }
}

type Reader = (draft: Draft, field: Field) => string | undefined

const named: Reader = (draft, { value }) => {
  draft.name = String(value).trim()
  return undefined
}

const described: Reader = (draft, { value }) => {
  draft.summary = String(value).replaceAll(/\s+/g, " ").trim().slice(0, SUMMARY_CHARS_MAX)
  return undefined
}

const asking: Reader = (draft, { value }) => {
  const asks = asksOf(String(value).trim())
  if (asks !== undefined) draft.asks = asks
  return undefined
}

const tools: Reader = (draft, { value }) => {
  const { names, denied, left } = toolNames(value)
  if (names !== undefined) draft.tools = [...(draft.tools ?? []), ...names]
  draft.toolsDenied.push(...denied)
  return left.length === 0
    ? undefined
    : `of its tools, ${left.join(", ")} ${left.length === 1 ? "is" : "are"} not understood and left out`
}

const denied: Reader = (draft, { value }) => {
  const { names = [], left } = toolNames(value)
  draft.toolsDenied.push(...names)
  // Part of a tool cannot be denied here, so all of it is.
  draft.toolsDenied.push(...left.flatMap((name) => toolsOf(name.replace(/\(.*$/, "")) ?? []))
  return undefined
}

const mode: Reader = (draft, { key, value }) => {
  // Where one program says whether it is for a person or for a model, others say what it may.
  if (typeof value === "string" && ["subagent", "primary", "all"].includes(value)) return undefined
  if (typeof value === "object" && !Array.isArray(value)) {
    for (const [tool, decision] of Object.entries(value))
      if (decision === "deny") draft.toolsDenied.push(...(toolsOf(tool) ?? []))
    return undefined
  }
  const found = typeof value === "string" ? modeOf(value) : undefined
  if (found === undefined)
    return `${key} is plan, ask, accept-edits, auto or full, not ${shown(value)}; it gets its parent's`
  draft.mode = found
  return undefined
}

const steps: Reader = (draft, { key, value }) => {
  const count = Number(value)
  if (!Number.isInteger(count) || count < 1 || count > 10_000)
    return `${key} is a whole number from 1, not ${shown(value)}`
  draft.stepsMax = count
  return undefined
}

const timeout: Reader = (draft, { key, value }) => {
  const minutes = Number(value)
  if (!(minutes > 0 && minutes <= 1_440)) return `${key} is a number of minutes, not ${shown(value)}`
  draft.timeoutMs = minutes * 60_000
  return undefined
}

const isolation: Reader = (draft, { value }) => {
  if (value !== "worktree" && value !== "none") return `isolation is worktree or none, not ${shown(value)}`
  draft.isIsolated = value === "worktree"
  return undefined
}

/** By key, without its dashes and capitals. */
const FIELDS: Readonly<Record<string, Reader>> = {
  ...{ name: named, description: described, model: asking },
  ...{ tools, allowedtools: tools, disallowedtools: denied, toolsdenied: denied, deniedtools: denied },
  ...{ mode, permissionmode: mode, permission: mode, permissions: mode },
  ...{ steps, maxsteps: steps, stepsmax: steps, maxturns: steps },
  ...{ timeoutminutes: timeout, isolation },
}

/** Of no consequence here. */
const PASSED_BY = new Set([
  "color",
  "tags",
  "version",
  "license",
  "metadata",
  "author",
  "temperature",
  "topp",
  "hidden",
])

function isKnown(key: string): boolean {
  return Object.hasOwn(FIELDS, keyOf(key)) || PASSED_BY.has(keyOf(key))
}

function keyOf(key: string): string {
  return key.replaceAll(/[-_]/g, "").toLowerCase()
}

/** A list, words between commas, or a map of names and whether. */
function toolNames(value: Field["value"]): { names?: string[]; denied: readonly string[]; left: readonly string[] } {
  if (typeof value === "object" && !Array.isArray(value)) {
    const offs = Object.entries(value).filter(([, is]) => is === "false" || is === "deny")
    return { denied: offs.flatMap(([name]) => toolsOf(name) ?? []), left: [] }
  }
  const given =
    typeof value === "string" ? value.split(/,(?![^(]*\))/).map((name) => name.trim()) : (value as readonly string[])
  const named = given.filter((name) => name !== "")
  return {
    names: named.flatMap((name) => toolsOf(name) ?? []),
    denied: [],
    left: named.filter((name) => toolsOf(name) === undefined),
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.(agent\.)?md$/i, "")
}

function shown(value: Field["value"]): string {
  return JSON.stringify(value).slice(0, 60)
}
