import type { Message, ToolSpec } from "@skein/core/ports"
import { type FoundCall, fitted } from "./fit.ts"
import { CLOSINGS, callsOf, FORMS, type WrittenCall } from "./forms.ts"
import { afterBlanks, jsonAt } from "./json-text.ts"

/** What a reply asks for in its own text. */
export interface Found {
  readonly calls: readonly FoundCall[]
  /** The reply without them. */
  readonly text: string
}

interface Asking {
  readonly tools: readonly ToolSpec[]
  /** The conversation that was sent: what stands in it already is quoted, not asked for. */
  readonly messages: readonly Message[]
}

interface Written {
  readonly calls: readonly WrittenCall[]
  readonly start: number
  /** Its form says by itself that it is a call, so that a mistake in it is told to the model. */
  readonly isMarked: boolean
}

/** Longer replies than this are files, and hold no calls. */
const CHARS_MAX = 1_000_000
/** Every place where a call could begin is read to the end of the reply: hostile text must not make that a long work. */
const PLACES_MAX = 50

/**
 * The calls with which a reply ends; undefined when it ends in anything else. Text of a file or a person that the model
 * quotes must never become a call. So it is none when something follows it, when it stands in a code fence, behind a
 * quotation mark or in a quoted line, or word for word in what the model was given; and JSON without a mark of its own
 * only counts when it is the whole reply and keeps to the schema of its tool.
 */
export function findCalls(text: string, { tools, messages }: Asking): Found | undefined {
  if (text.length > CHARS_MAX) return undefined
  const written = marked(text) ?? alone(text)
  if (written === undefined) return undefined
  const calls = written.calls.map((call) => fitted(call, tools))
  const isWanted = calls.every((call) => call !== undefined && (written.isMarked || call.isFitting))
  if (!isWanted || isQuoted(text.slice(written.start), messages)) return undefined
  return { calls: calls.filter((call) => call !== undefined), text: text.slice(0, written.start).trimEnd() }
}

function marked(text: string): Written | undefined {
  let places = 0
  for (const { index } of text.matchAll(OPENINGS)) {
    if (++places > PLACES_MAX) return undefined
    if (isInside(text, index)) continue
    const calls = toTheEnd(text, index)
    if (calls !== undefined) return { calls, start: index, isMarked: true }
  }
  return undefined
}

const OPENINGS = new RegExp(FORMS.flatMap(({ opens }) => opens.map((open) => RegExp.escape(open))).join("|"), "g")

/** Blocks of calls and what closes them, and nothing else, up to the end. */
function toTheEnd(text: string, start: number): readonly WrittenCall[] | undefined {
  const calls: WrittenCall[] = []
  let at = start
  while (at < text.length) {
    const open = FORMS.flatMap(({ opens, read }) => opens.map((sign) => ({ sign, read }))).find(({ sign }) =>
      text.startsWith(sign, at),
    )
    const block = open?.read(text, at + open.sign.length)
    if (block === undefined) return undefined
    calls.push(...block.calls)
    at = block.end + (CLOSINGS.exec(text.slice(block.end))?.[0].length ?? 0)
  }
  return calls
}

/** In a fence, in a quoted line, or behind the sign of a quotation. */
function isInside(text: string, at: number): boolean {
  const before = text.slice(0, at)
  const line = before.slice(before.lastIndexOf("\n") + 1)
  const fences = before.match(/^\s*(?:```|~~~)/gm)?.length ?? 0
  const ticks = line.match(/`/g)?.length ?? 0
  return fences % 2 === 1 || ticks % 2 === 1 || /^\s*>/.test(line) || /["'“‘«:=(]\s?$/.test(line)
}

/** A JSON text that is the whole reply, in a fence or out of one, behind the model's thoughts at most. */
function alone(text: string): Written | undefined {
  const start = afterBlanks(text, /^\s*<think>[\s\S]*?<\/think>/.exec(text)?.[0].length ?? 0)
  const fence = /^```(?:json|tool_call|tool_code)?[^\S\n]*\n/.exec(text.slice(start, start + 40))?.[0]
  const calls: WrittenCall[] = []
  let at = start + (fence?.length ?? 0)
  for (let next = jsonAt(text, at); next !== undefined; next = jsonAt(text, at)) {
    const read = callsOf(next.value)
    if (read.length === 0) return undefined
    calls.push(...read)
    at = next.end
  }
  const rest = text.slice(at).trim()
  const isWhole = fence === undefined ? CLOSINGS.exec(rest)?.[0] === rest : rest === "```"
  return calls.length > 0 && isWhole ? { calls, start, isMarked: false } : undefined
}

/** Whether the model was given exactly this, but for blanks, by a tool, a file or a person. */
function isQuoted(block: string, messages: readonly Message[]): boolean {
  const wanted = dense(block.replace(/^\s*```\w*|```\s*$/g, ""))
  const json = /[{[][\s\S]*[}\]]/.exec(block)?.[0] ?? ""
  // The same call in another wrapping is the same quotation; arguments by themselves may well be alike.
  const core = /"(?:name|function|tool|tool_name)"/.test(json) ? dense(json) : wanted
  return messages.some(
    (message) => message.role === "user" && textsOf(message).some((text) => holds(dense(text), wanted, core)),
  )
}

function holds(text: string, wanted: string, core: string): boolean {
  return text.includes(wanted) || text.includes(core)
}

function dense(text: string): string {
  return text.replace(/\s+/g, "")
}

function textsOf({ content }: Extract<Message, { role: "user" }>): readonly string[] {
  return content.flatMap((block) => {
    const parts = block.type === "result" ? block.content : [block]
    return parts.flatMap((part) => (part.type === "text" ? [part.text] : []))
  })
}
