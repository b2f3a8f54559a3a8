import { lazy } from "@skein/protocol"
import * as z from "@skein/protocol/schema"

export const PRIORITIES = ["P0", "P1", "P2", "P3"] as const
export type Priority = (typeof PRIORITIES)[number]

/** What a review found. */
export interface Report {
  readonly findings: readonly Finding[]
  readonly verdict: "correct" | "incorrect"
  readonly explanation: string
  /** 0 to 1. */
  readonly confidence: number
}

export interface Finding {
  /** One line, without its priority. */
  readonly title: string
  readonly body: string
  readonly file: string
  /** From 1, both among them. */
  readonly lines: { readonly start: number; readonly end: number }
  /** P0 stops everything, P1 is to be mended next, P2 sometime, P3 would be nice. */
  readonly priority: Priority
  /** 0 to 1. */
  readonly confidence: number
  /** What to write instead. */
  readonly fix?: string | undefined
}

/** What the reviewer must answer: JSON Schema as providers take it strictly, every field required. */
export const REVIEW_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["findings", "verdict", "explanation", "confidence"],
  properties: {
    findings: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["title", "body", "file", "start_line", "end_line", "priority", "confidence", "fix"],
        properties: {
          title: { type: "string" },
          body: { type: "string" },
          file: { type: "string" },
          start_line: { type: "integer" },
          end_line: { type: "integer" },
          priority: { type: "string", enum: PRIORITIES },
          confidence: { type: "number" },
          fix: { type: ["string", "null"] },
        },
      },
    },
    verdict: { type: "string", enum: ["correct", "incorrect"] },
    explanation: { type: "string" },
    confidence: { type: "number" },
  },
} as const

const Answer = lazy(() =>
  z.object({
    findings: z
      .array(
        z.object({
          title: z.string(),
          body: z.string(),
          file: z.string(),
          start_line: z.int().min(1),
          end_line: z.int().min(1),
          priority: z.enum(PRIORITIES),
          confidence: z.number().min(0).max(1),
          fix: z.string().nullish(),
        }),
      )
      .max(200),
    verdict: z.enum(["correct", "incorrect"]),
    explanation: z.string(),
    confidence: z.number().min(0).max(1),
  }),
)

/** Reads what the reviewer answered; what is wrong with it, in words for a model, when it is no report. */
export function readReport(text: string, root: string): Report | string {
  const json = jsonIn(text)
  if (json === undefined) return "The answer is not JSON."
  const read = Answer().safeParse(json)
  if (!read.success) return `The answer does not fit the schema: ${z.prettifyError(read.error).slice(0, 1_000)}`
  const { findings, ...rest } = read.data
  const shown = findings.map(({ start_line, end_line, fix, file, title, ...finding }) => ({
    ...finding,
    title: title.replace(/^\[P[0-3]\]\s*/, ""),
    file: file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file,
    lines: { start: Math.min(start_line, end_line), end: Math.max(start_line, end_line) },
    ...(fix === null || fix === undefined || fix === "" ? {} : { fix }),
  }))
  return { ...rest, findings: shown.toSorted((a, b) => a.priority.localeCompare(b.priority)) }
}

/** Models that are not held to a schema like to put a fence around. */
function jsonIn(text: string): unknown {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n```/.exec(text)?.[1]
  for (const candidate of [text, fenced ?? ""]) {
    try {
      return JSON.parse(candidate)
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause
    }
  }
  return undefined
}

/** A report as Codex's reviews are shown. */
export function reportText({ findings, explanation }: Report): string {
  const head = findings.length === 1 ? "Review comment:" : "Full review comments:"
  const rows = findings.map(({ priority, title, file, lines, body, fix }) =>
    [
      `- [${priority}] ${title} — ${file}:${lines.start}-${lines.end}`,
      ...indented(body),
      ...(fix === undefined ? [] : ["", "  Suggested:", ...indented(fix)]),
    ].join("\n"),
  )
  const parts = [explanation.trim(), ...(rows.length === 0 ? [] : [`${head}\n\n${rows.join("\n\n")}`])]
  const text = parts.filter((part) => part !== "").join("\n\n")
  return text === "" ? "Reviewer failed to output a response." : text
}

function indented(text: string): readonly string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
}
