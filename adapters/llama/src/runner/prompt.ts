import type { ChatBody, ChatMessage, ChatTool } from "./chat.ts"
import { CALL_BEGIN, CALL_END } from "./grammar.ts"

/** A piece of a prompt: what a template wrote, in which special tokens count, or what somebody said, in which they do not. */
export interface PromptPiece {
  readonly text: string
  readonly isSaid: boolean
}

/** Renders a conversation by a model's own template. Throws when it does not take it, as a few take no system text. */
export type Render = (messages: readonly Turn[], isThinking: boolean) => string

/** One message as templates know them. */
export interface Turn {
  readonly role: "system" | "user" | "assistant"
  readonly content: string
}

export interface Prompt {
  readonly pieces: readonly PromptPiece[]
  /** Where the model's answer ends, though no token of its vocabulary says so. */
  readonly stops: readonly string[]
}

/**
 * The prompt of a conversation. What people, tools and files said is kept apart from the template, so that a file which
 * holds `<|im_end|>` is read as these characters and ends nothing.
 */
export function promptOf(body: ChatBody, render: Render | undefined): Prompt {
  const said: string[] = []
  const turns = turnsOf(body, (text) => {
    said.push(text)
    return `${MARK}${said.length - 1}${MARK}`
  })
  const isThinking = body.think !== undefined && body.think !== false
  for (const attempt of render === undefined ? [] : [turns, withoutSystem(turns)]) {
    try {
      const pieces = apart(render?.(attempt, isThinking) ?? "", said)
      return { pieces, stops: [] }
    } catch {
      // The template takes no such conversation: the next is plainer, and the last has no template.
    }
  }
  return { pieces: apart(chatMarkup(turns), said), stops: [TURN_END] }
}

/** A character for private use, in pairs around the number of what was said. */
const MARK = "\u{F8FF}"

function turnsOf({ messages, tools = [] }: ChatBody, mark: (text: string) => string): readonly Turn[] {
  const turns: Turn[] = []
  for (const message of messages) {
    const turn = turnOf(message, mark)
    const last = turns.at(-1)
    if (last?.role === turn.role) turns[turns.length - 1] = { ...last, content: `${last.content}\n\n${turn.content}` }
    else turns.push(turn)
  }
  if (tools.length === 0) return turns
  const told = toolsTold(tools, mark)
  const [first, ...others] = turns
  if (first?.role !== "system") return [{ role: "system", content: told }, ...turns]
  return [{ role: "system", content: `${first.content}\n\n${told}` }, ...others]
}

function turnOf(message: ChatMessage, mark: (text: string) => string): Turn {
  if (message.role === "tool") {
    return { role: "user", content: `<tool_response>\n${mark(message.content)}\n</tool_response>` }
  }
  const calls = (message.tool_calls ?? []).map(
    (call) => `${CALL_BEGIN}\n${mark(JSON.stringify(call.function))}\n${CALL_END}`,
  )
  const parts = message.content === "" ? calls : [mark(message.content), ...calls]
  return { role: message.role, content: parts.join("\n") }
}

/** As Hermes and Qwen models were taught it; any other can read it. */
function toolsTold(tools: readonly ChatTool[], mark: (text: string) => string): string {
  const lines = tools.map((tool) => mark(JSON.stringify(tool.function)))
  return [
    "# Tools",
    "You may call one of these functions at a time. Their signatures are between <tools> tags:",
    `<tools>\n${lines.join("\n")}\n</tools>`,
    "To call one, write a JSON object with its name and arguments between tool_call tags, and nothing after it:",
    `${mark(`${CALL_BEGIN}\n{"name": "the name", "arguments": {"the": "arguments"}}\n${CALL_END}`)}`,
  ].join("\n\n")
}

function withoutSystem(turns: readonly Turn[]): readonly Turn[] {
  const [first, second, ...others] = turns
  if (first?.role !== "system") return turns
  if (second?.role !== "user") return [{ ...first, role: "user" }, ...turns.slice(1)]
  return [{ role: "user", content: `${first.content}\n\n${second.content}` }, ...others]
}

const TURN_END = "<|im_end|>"

/** ChatML, for a model that brings no template of its own. */
function chatMarkup(turns: readonly Turn[]): string {
  const past = turns.map(({ role, content }) => `<|im_start|>${role}\n${content}${TURN_END}\n`)
  return `${past.join("")}<|im_start|>assistant\n`
}

function apart(rendered: string, said: readonly string[]): readonly PromptPiece[] {
  const parts = rendered.split(MARK)
  // A template that dropped half of a mark would show numbers in place of what was said.
  if (parts.length % 2 === 0) throw new Error("The template cut what was said")
  return parts
    .map((part, at) =>
      at % 2 === 0 ? { text: part, isSaid: false } : { text: said[Number(part)] ?? "", isSaid: true },
    )
    .filter(({ text }) => text !== "")
}
