import {
  type CallResult,
  type CallState,
  type ContentBlock,
  type EventOf,
  type HostedFacts,
  hostedTitle,
  type ToolKind,
} from "@skein/protocol"
import { blockOf } from "./content.ts"
import { diffContent } from "./diffs.ts"
import type { Json } from "./rpc.ts"
import { fenced } from "./text.ts"
import { acpStatus } from "./words.ts"

/** What is shown of a call from its beginning. */
export interface CallFacts {
  readonly callId: string
  readonly name: string
  readonly title: string
  readonly kind: ToolKind
  readonly locations: readonly string[]
  readonly input?: unknown
  readonly inputText?: string | undefined
}

/** The fields of `tool_call`; a question about the call repeats them. */
export function callFields({ callId, name, title, kind, locations, input, inputText }: CallFacts): Json {
  const rawInput = input ?? inputText
  return {
    toolCallId: callId,
    title,
    name,
    kind,
    locations: locations.map((path) => ({ path })),
    ...(rawInput === undefined ? {} : { rawInput }),
  }
}

export function callReported(call: CallFacts): Json {
  return { sessionUpdate: "tool_call", ...callFields(call), status: "pending" }
}

/** A command that the person ran themselves. */
export function shellReported({ callId, command }: { readonly callId: string; readonly command: string }): Json {
  const facts = { callId, name: "shell", title: `! ${command}`, kind: "execute", locations: [] } as const
  return { sessionUpdate: "tool_call", ...callFields({ ...facts, input: { command } }), status: "in_progress" }
}

export function callMoved(callId: string, state: CallState): Json {
  return { sessionUpdate: "tool_call_update", toolCallId: callId, status: acpStatus(state) }
}

export function callAmended({ callId, input }: EventOf<"call.amended">): Json {
  return { sessionUpdate: "tool_call_update", toolCallId: callId, rawInput: input }
}

/** The newest output of a running call; each replaces the one before. */
export function callProgressed({ callId, preview }: EventOf<"call.progress">): Json {
  return { sessionUpdate: "tool_call_update", toolCallId: callId, content: [text(fenced(preview))] }
}

export function callSettled(settled: EventOf<"call.settled"> | EventOf<"shell.ended">): Json {
  return { ...callMoved(settled.callId, settled.outcome), content: resultContent(settled) }
}

type Shown = Pick<CallResult, "forModel" | "forHuman" | "changes">

/** A result for a person: the changes it made, or what its tool shows, or what the model reads. */
export function resultContent({ forModel, forHuman, changes = [] }: Shown): readonly Json[] {
  const diffs = changes.flatMap(({ path, diff }) => (diff === undefined ? [] : diffContent({ path, diff })))
  if (diffs.length > 0) return diffs
  const images = forModel.filter((block) => block.type === "image").map(content)
  if (forHuman === undefined) return forModel.map(content)
  if (forHuman.body === "") return images
  const body = forHuman.kind === "text" ? forHuman.body : fenced(forHuman.body, forHuman.kind === "diff" ? "diff" : "")
  return [text(body), ...images]
}

function content(block: ContentBlock): Json {
  return { type: "content", content: blockOf(block) }
}

export function text(body: string): Json {
  return content({ type: "text", text: body })
}

export function terminalContent(terminalId: string): Json {
  return { type: "terminal", terminalId }
}

/** What the model's provider searched for it: a call that is over when it is first heard of. */
export function hostedReported(itemId: string, call: HostedFacts): Json {
  const pages = call.sources.map(({ url, title }) => (title === undefined ? url : `${title}: ${url}`)).join("\n")
  return {
    sessionUpdate: "tool_call",
    toolCallId: itemId,
    title: hostedTitle(call),
    kind: call.action.kind === "open_page" ? "fetch" : "search",
    status: call.failure === undefined ? "completed" : "failed",
    ...(pages === "" ? {} : { content: [{ type: "content", content: { type: "text", text: pages } }] }),
  }
}
