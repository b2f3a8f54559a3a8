import type { AgentMessage, ContentBlock, HostedCall, Item, Reasoning, ToolCall } from "@skein/protocol"
import type { AssistantBlock, Message, ResultBlock } from "../ports/index.ts"
import { isNested } from "../transcript/calls.ts"
import { IMAGE_NOTE } from "./ledger.ts"
import { shellWords } from "./shell-words.ts"

/**
 * The conversation as every provider accepts it, from any transcript whatever: cut, cancelled, crashed or resumed.
 * Each call has exactly one result in the message after it, call ids are unique, roles alternate, no message is empty,
 * and images stay within what providers take.
 */
export function buildMessages(items: readonly Item[]): Message[] {
  const writer = new Writer(imagesKeptFrom(items))
  for (let at = visibleFrom(items); at < items.length; at++) {
    const item = items[at]
    if (item !== undefined) writer.add(item, at)
  }
  return writer.done()
}

/** Where the model's view of the transcript begins: at the newest summary, or at the start. */
export function visibleFrom(items: readonly Item[]): number {
  const at = items.findLastIndex((item) => item.kind === "compaction" && item.summary !== undefined)
  return Math.max(at, 0)
}

/** Providers refuse more (Anthropic: 100 a request; others fewer), and old screenshots help nobody. */
const IMAGES_MAX = 20

/** The first item whose images are still shown. */
function imagesKeptFrom(items: readonly Item[]): number {
  let from = items.findLastIndex((item) => item.kind === "compaction" && item.imagesElided) + 1
  let images = 0
  for (let at = items.length - 1; at >= from; at--) {
    images += imagesOf(items[at])
    if (images > IMAGES_MAX) from = at + 1
  }
  return from
}

function imagesOf(item: Item | undefined): number {
  if (isNested(item)) return 0
  const content = item?.kind === "user_message" ? item.input : item?.kind === "tool_call" ? item.result?.forModel : []
  return (content ?? []).filter((block) => block.type === "image").length
}

/** Collects items into messages; one step's answer is one assistant message, followed by its results. */
class Writer {
  readonly #messages: Message[] = []
  readonly #imagesFrom: number
  readonly #callIds = new Set<string>()
  #answering: { readonly step: string; readonly parts: Part[] } | undefined

  constructor(imagesFrom: number) {
    this.#imagesFrom = imagesFrom
  }

  add(item: Item, at: number): void {
    if (isNested(item)) return
    switch (item.kind) {
      case "user_message":
        return this.#say(this.#images(item.input, at))
      case "context":
        return this.#say(item.sections.map((section) => ({ type: "text", text: section.text })))
      case "shell":
        return this.#say(this.#images(shellWords(item), at))
      case "compaction":
        return this.#say(item.summary === undefined ? [] : [{ type: "text", text: `${SUMMARY_INTRO}${item.summary}` }])
      case "agent_message":
      case "reasoning":
        return this.#answer(item)
      case "hosted_call":
        return this.#hosted(item)
      case "tool_call":
        return this.#call(item, at)
      case "notice":
        return
    }
  }

  done(): Message[] {
    this.#closeAnswer()
    return this.#messages
  }

  #say(content: readonly (ContentBlock | ResultBlock)[]): void {
    this.#closeAnswer()
    const said = content.filter(saysSomething)
    if (said.length === 0) return
    this.#endOpen()
    const last = this.#messages.at(-1)
    if (last?.role === "user") {
      this.#messages[this.#messages.length - 1] = { role: "user", content: [...last.content, ...said] }
    } else {
      this.#messages.push({ role: "user", content: said })
    }
  }

  #answer(item: AgentMessage | Reasoning): void {
    if (item.status === "discarded" || (isBlank(item.text) && item.providerData === undefined)) return
    // An interrupted thought has no signature, and providers take only whole ones.
    if (item.kind === "reasoning" && item.status === "interrupted") return
    const type = item.kind === "reasoning" ? "reasoning" : "text"
    this.#part(item, { block: { type, text: item.text, providerData: item.providerData } })
  }

  #hosted(item: HostedCall): void {
    const { providerData, isOpen = false } = item
    if (item.isDiscarded || providerData === undefined) return
    this.#part(item, { block: { type: "hosted", isOpen, providerData } })
  }

  #call(call: ToolCall, at: number): void {
    const callId = this.#uniqueId(call)
    const { providerData } = call
    const { name, input, shown } = saidOf(call)
    const block = { type: "call", callId, name, input, providerData } as const
    const content = this.#images(shown, at)
    this.#part(call, { block, result: { type: "result", callId, name, content, isError: call.state !== "success" } })
  }

  #part(of: { turnId: string; step: number; index: number }, part: Omit<Part, "index">): void {
    const step = `${of.turnId}/${of.step}`
    if (this.#answering?.step !== step) {
      this.#closeAnswer()
      this.#answering = { step, parts: [] }
    }
    this.#answering.parts.push({ index: of.index, ...part })
  }

  #closeAnswer(): void {
    const sorted = this.#answering?.parts.toSorted((a, b) => a.index - b.index) ?? []
    this.#answering = undefined
    // An answer must not end in a thought: that of a reply which was stopped while it thought goes with it.
    const parts = sorted.slice(0, sorted.findLastIndex(({ block }) => block.type !== "reasoning") + 1)
    if (parts.length === 0) return
    const blocks = parts.map(({ block }) => block)
    const paused = this.#paused()
    // What the provider paused within goes on in the next reply, and both are one answer.
    if (paused !== undefined) this.#messages[this.#messages.length - 1] = joined(paused, blocks)
    else this.#pushAnswer(blocks)
    this.#say(parts.flatMap(({ result }) => (result === undefined ? [] : [result])))
  }

  #pushAnswer(content: readonly AssistantBlock[]): void {
    // A conversation starts with the user, and between two answers the user speaks.
    if (this.#messages.at(-1)?.role !== "user") this.#say([{ type: "text", text: "Go on." }])
    this.#messages.push({ role: "assistant", content })
  }

  /** The newest message, when it ends within something that the provider does. */
  #paused(): AssistantMessage | undefined {
    const last = this.#messages.at(-1)
    const end = last?.role === "assistant" ? last.content.at(-1) : undefined
    return last?.role === "assistant" && end?.type === "hosted" && end.isOpen ? last : undefined
  }

  /** Somebody else speaks: what was paused does not go on, and providers refuse it without its end. */
  #endOpen(): void {
    const paused = this.#paused()
    if (paused === undefined) return
    const content = paused.content.slice(0, -1)
    this.#messages.pop()
    if (content.some(({ type }) => type !== "reasoning")) this.#messages.push({ role: "assistant", content })
  }

  /** Some servers number their calls anew in every reply; a second `call_0` must not answer the first. */
  #uniqueId(call: ToolCall): string {
    let id = call.providerCallId || call.callId
    if (this.#callIds.has(id)) id = call.callId
    for (let count = 2; this.#callIds.has(id); count++) id = `${call.callId}-${count}`
    this.#callIds.add(id)
    return id
  }

  #images(content: readonly ContentBlock[], at: number): ContentBlock[] {
    if (at >= this.#imagesFrom) return [...content]
    return content.map((block) => (block.type === "image" ? { type: "text", text: IMAGE_NOTE } : block))
  }
}

type AssistantMessage = Extract<Message, { role: "assistant" }>

function joined({ content }: AssistantMessage, more: readonly AssistantBlock[]): AssistantMessage {
  return { role: "assistant", content: [...content, ...more] }
}

interface Part {
  readonly index: number
  readonly block: AssistantBlock
  readonly result?: ResultBlock
}

interface Said {
  readonly name: string
  readonly input: unknown
  /** The result's content. */
  readonly shown: readonly ContentBlock[]
}

// An item never changes once made, and every step says all calls of the conversation again.
const said = new WeakMap<ToolCall, Said>()

/** What is said of a call, the same in every request. */
function saidOf(call: ToolCall): Said {
  const known = said.get(call)
  if (known !== undefined) return known
  const input = isRecord(call.input) ? call.input : {}
  const fresh = { name: acceptedName(call.name), input, shown: resultContent(call) }
  said.set(call, fresh)
  return fresh
}

/** Providers refuse a conversation that holds any other name, even of a call that was refused for it. */
function acceptedName(name: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(name)) return name
  return name.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 64) || "unknown"
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Nothing to read: providers refuse a text of white space as they refuse an empty one. */
function isBlank(text: string): boolean {
  return !/\S/.test(text)
}

function saysSomething(block: ContentBlock | ResultBlock): boolean {
  return block.type !== "text" || !isBlank(block.text)
}

/** Stands before every summary, so that the model knows what it reads. */
const SUMMARY_INTRO = "The conversation so far no longer fits and was summed up:\n\n"

/** What the model reads as the call's result; never empty, because some providers refuse that. */
function resultContent(call: ToolCall): readonly ContentBlock[] {
  const { result } = call
  if (result === undefined) return [{ type: "text", text: "This call has no result: it was stopped before it ended." }]
  if (result.isElided) {
    const size = result.bytes === undefined ? "Older" : `${result.bytes} bytes of older`
    return [{ type: "text", text: `[${size} output left out; call again if needed]` }]
  }
  const content = result.forModel.filter(saysSomething)
  return content.length > 0 ? content : [{ type: "text", text: "(no output)" }]
}
