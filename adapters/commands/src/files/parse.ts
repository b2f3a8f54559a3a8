import { EFFORTS, type Effort, SkeinError, type Tier } from "@skein/protocol"
import { type Field, frontmatter } from "@skein/protocol/frontmatter"
import { asObject, asText } from "@skein/protocol/json"
import type { CommandFile } from "./find.ts"

/** What a file of a command says. */
export interface CommandHead {
  readonly summary: string
  /** How its arguments are written. */
  readonly usage: string
  /** As the file names it. */
  readonly model?: string | undefined
  readonly tier?: Tier | undefined
  readonly effort?: Effort | undefined
  /** The agent that does it in a session of its own. */
  readonly agent?: string | undefined
  /** Rule strings. */
  readonly toolsAllowed: readonly string[]
  /** What the model is told, with places for what is filled in. */
  readonly template: string
}

const SUMMARY_CHARS_MAX = 200

/** Throws SkeinError `config.invalid` for one that says nothing. */
export function parsed(file: CommandFile): CommandHead {
  return file.dialect === "gemini" ? ofToml(file) : ofMarkdown(file)
}

function ofMarkdown(file: CommandFile): CommandHead {
  const { fields = [], body = file.text.trim() } = frontmatter(file.text) ?? {}
  if (body === "") throw invalid(file, "nothing stands below its head")
  const text = (key: string) => textOf(fields, key)
  const agent = text("agent")
  const isApart = agent !== undefined && text("subtask") !== "false"
  return {
    summary: summaryOf(text("description") ?? body),
    usage: text("argumenthint") ?? usageOf(body),
    ...modelOf(text("model")),
    ...(isApart ? { agent } : {}),
    effort: effortOf(text("effort") ?? text("reasoningeffort")),
    toolsAllowed: listOf(fields, "allowedtools"),
    template: body,
  }
}

function ofToml(file: CommandFile): CommandHead {
  const value = tomlOf(file)
  const template = asText(value.prompt)?.trim() ?? ""
  if (template === "") throw invalid(file, "it has no prompt")
  const usage = template.includes("{{args}}") ? "<args>" : ""
  return { summary: summaryOf(asText(value.description) ?? template), usage, toolsAllowed: [], template }
}

function tomlOf(file: CommandFile): Readonly<Record<string, unknown>> {
  try {
    return asObject(Bun.TOML.parse(file.text)) ?? {}
  } catch (cause) {
    throw invalid(file, cause instanceof Error ? cause.message : "it is no TOML", cause)
  }
}

function invalid({ shown }: CommandFile, why: string, cause?: unknown): SkeinError {
  return new SkeinError("config.invalid", `Cannot use the command in ${shown}: ${why}.`, { cause })
}

/** `-`, `_` and capitals do not count. */
const keyOf = (key: string) => key.toLowerCase().replaceAll(/[-_]/g, "")

function textOf(fields: readonly Field[], key: string): string | undefined {
  const value = fields.find((field) => keyOf(field.key) === key)?.value
  if (typeof value === "string") return value === "" ? undefined : value
  // `[file] [words]` without quotes is a list to a reader of YAML.
  return Array.isArray(value) ? `[${value.join(", ")}]` : undefined
}

function listOf(fields: readonly Field[], key: string): readonly string[] {
  const value = fields.find((field) => keyOf(field.key) === key)?.value
  if (typeof value === "string") return [value]
  return Array.isArray(value) ? value.map(String) : []
}

function summaryOf(text: string): string {
  const [line = ""] = text.replace(/^[#>\s]+/, "").split("\n")
  return line.length <= SUMMARY_CHARS_MAX ? line.trim() : `${line.slice(0, SUMMARY_CHARS_MAX - 1)}…`
}

/** Where a file says nothing of its arguments but takes some. */
function usageOf(body: string): string {
  return /\$ARGUMENTS\b|\$[0-9]/.test(body) ? "[arguments]" : ""
}

/** Sizes by which one family of models is called: another provider has them as well. */
const TIERS: Readonly<Record<string, Tier>> = {
  haiku: "rush",
  sonnet: "smart",
  opus: "deep",
  smart: "smart",
  rush: "rush",
  free: "free",
  deep: "deep",
}

function modelOf(word: string | undefined): Pick<CommandHead, "model" | "tier"> {
  if (word === undefined || word === "inherit" || word === "default") return {}
  const tier = TIERS[word.toLowerCase()]
  return tier === undefined ? { model: word } : { tier }
}

function effortOf(word: string | undefined): Effort | undefined {
  if (word === "max") return "xhigh"
  return EFFORTS.find((effort) => effort === word)
}
