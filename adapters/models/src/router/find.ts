import type { Message, ToolSpec } from "@skein/core/ports"
import { type FoundCall, fitted } from "./fit.ts"
import { CLOSINGS, callsOf, FORMS, type WrittenCall } from "./forms.ts"
import { afterBlanks, jsonAt } from "./json-text.ts"
import { quoting } from "./quoted.ts"

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
  /** Files of the project stand in it. */
  readonly system?: readonly string[] | undefined
  /** The reply was to be JSON: JSON without a mark is the answer. */
  readonly outputSchema?: unknown
  /** Of a model that is known to call natively: when it writes JSON without a mark, someone wanted JSON. */
  readonly isNative?: boolean | undefined
}

interface Block {
  readonly calls: readonly WrittenCall[]
  /** As it stands in the reply. */
  readonly source: string
}

interface Written {
  readonly blocks: readonly Block[]
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
export function findCalls(text: string, asking: Asking): Found | undefined {
  if (text.length > CHARS_MAX) return undefined
  const isAnswer = asking.outputSchema !== undefined || asking.isNative === true
  const written = marked(text) ?? (isAnswer ? undefined : alone(text))
  if (written === undefined) return undefined
  const calls = written.blocks.flatMap((block) => block.calls).map((call) => fitted(call, asking.tools))
  const isWanted = calls.every((call) => call !== undefined && (written.isMarked || call.isFitting))
  if (!isWanted) return undefined
  const isQuoted = quoting(textsGiven(asking))
  // One quoted block among others of its own: the model may have been led to write them all.
  if (written.blocks.some(({ source, calls }) => isQuoted(source, calls))) return undefined
  return { calls: calls.filter((call) => call !== undefined), text: text.slice(0, written.start).trimEnd() }
}

function marked(text: string): Written | undefined {
  let places = 0
  for (const { index } of text.matchAll(OPENINGS)) {
    if (++places > PLACES_MAX) return undefined
    if (isInside(text, index)) continue
    const blocks = toTheEnd(text, index)
    if (blocks !== undefined) return { blocks, start: index, isMarked: true }
  }
  return undefined
}

const OPENINGS = new RegExp(FORMS.flatMap(({ opens }) => opens.map((open) => RegExp.escape(open))).join("|"), "g")

/** Blocks of calls and what closes them, and nothing else, up to the end. */
function toTheEnd(text: string, start: number): readonly Block[] | undefined {
  const blocks: Block[] = []
  let at = start
  while (at < text.length) {
    const open = FORMS.flatMap(({ opens, read }) => opens.map((sign) => ({ sign, read }))).find(({ sign }) =>
      text.startsWith(sign, at),
    )
    const block = open?.read(text, at + open.sign.length)
    if (block === undefined) return undefined
    blocks.push({ calls: block.calls, source: text.slice(at, block.end) })
    at = block.end + (CLOSINGS.exec(text.slice(block.end))?.[0].length ?? 0)
  }
  return blocks
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
  const blocks: Block[] = []
  let at = start + (fence?.length ?? 0)
  for (let next = jsonAt(text, at); next !== undefined; next = jsonAt(text, at)) {
    const calls = callsOf(next.value)
    if (calls.length === 0) return undefined
    blocks.push({ calls, source: text.slice(at, next.end) })
    at = next.end
  }
  const rest = text.slice(at).trim()
  const isWhole = fence === undefined ? CLOSINGS.exec(rest)?.[0] === rest : rest === "```"
  return blocks.length > 0 && isWhole ? { blocks, start, isMarked: false } : undefined
}

/** What others than the model wrote: people, files, tools and who describes them. */
function textsGiven({ messages, system = [], tools }: Asking): readonly string[] {
  const said = messages.flatMap((message) => (message.role === "user" ? textsOf(message) : []))
  return [...system, ...tools.map(({ description }) => description), ...said]
}

function textsOf({ content }: Extract<Message, { role: "user" }>): readonly string[] {
  return content.flatMap((block) => {
    const parts = block.type === "result" ? block.content : [block]
    return parts.flatMap((part) => (part.type === "text" ? [part.text] : []))
  })
}
