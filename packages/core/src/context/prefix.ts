import type { PrefixPrint } from "@skein/protocol"
import type { AssistantBlock, Message, ModelRequest, ResultBlock } from "../ports/index.ts"

/** A request's fingerprints, and whether it begins with all that the request of `before` held of the conversation. */
export interface Printed {
  readonly print: PrefixPrint
  readonly isContinued: boolean
  /** How many messages hold exactly what that request held; undefined where it ended within one, or is not continued. */
  readonly messagesBefore: number | undefined
}

/**
 * What a request begins with, section by section in the order of SEMANTICS 2.2: system, tools, conversation. A function of
 * the request alone; texts are read anew for each, about a millisecond for a megabyte, and objects once in a process.
 */
export function printOf(request: ModelRequest, before: PrefixPrint | undefined): Printed {
  const history = new Print()
  let pieces = 0
  let isContinued = before === undefined || before.pieces === 0
  let messagesBefore: number | undefined
  for (const [at, message] of request.messages.entries()) {
    for (const block of message.content) {
      history.add(message.role)
      addBlock(history, block)
      pieces += 1
      if (pieces === before?.pieces) isContinued = history.text() === before.history
    }
    if (pieces === before?.pieces && isContinued) messagesBefore = at + 1
  }
  const print = { tools: toolsPrint(request), system: systemPrint(request), history: history.text(), pieces }
  return { print, isContinued, messagesBefore }
}

/** The provider's own search is one of them. */
function toolsPrint({ tools, search }: ModelRequest): string {
  const print = new Print()
  if (search !== undefined) print.add(printed(search))
  for (const tool of tools) print.add(printed(tool))
  return print.text()
}

/** A schema for the answer stands beside the system text, or in it. */
function systemPrint({ system, outputSchema }: ModelRequest): string {
  const print = new Print()
  for (const text of system) print.add(text)
  if (outputSchema !== undefined) print.add(printed(outputSchema))
  return print.text()
}

function addBlock(print: Print, block: Message["content"][number] | AssistantBlock | ResultBlock): void {
  print.add(block.type)
  switch (block.type) {
    case "image":
      return print.add(printed(block))
    case "result":
      print.add(`${block.callId} ${block.name} ${block.isError}`)
      for (const part of block.content) print.add(printed(part))
      return
    case "call":
      print.add(`${block.callId} ${block.name}`)
      print.add(isObject(block.input) ? printed(block.input) : (JSON.stringify(block.input) ?? ""))
      break
    case "hosted":
      break
    default:
      print.add(block.text)
  }
  if ("providerData" in block && block.providerData !== undefined) print.add(printed(block.providerData))
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null
}

// What a conversation holds never changes once made, and most of a request is in the one before it.
const known = new WeakMap<object, string>()

function printed(value: object): string {
  const before = known.get(value)
  if (before !== undefined) return before
  const print = new Print()
  print.add(JSON.stringify(value))
  const text = print.text()
  known.set(value, text)
  return text
}

/** 64 bits of what was added so far: to tell requests of one session apart, not to keep anyone from forging one. */
class Print {
  #a = 0xdeadbeef
  #b = 0x41c6ce57

  add(text: string): void {
    let a = this.#a
    let b = this.#b
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      a = Math.imul(a ^ code, 2_654_435_761)
      b = Math.imul(b ^ code, 1_597_334_677)
    }
    // An end of its own, so that "ab", "c" is not "a", "bc".
    this.#a = Math.imul(a ^ (a >>> 16) ^ text.length, 2_246_822_507)
    this.#b = Math.imul(b ^ (b >>> 13) ^ text.length, 3_266_489_909)
  }

  text(): string {
    return hex(this.#a) + hex(this.#b)
  }
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0")
}
