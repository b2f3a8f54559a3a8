import { converseEvent } from "./event-stream.ts"
import {
  checkFields,
  checkResults,
  type Heard,
  type Json,
  list,
  must,
  pieces,
  proofOf,
  type ServedWire,
  type Spoken,
  text,
  thoughtOf,
} from "./spoken.ts"

/** Amazon Bedrock's ConverseStream. */
export const converse: ServedWire = {
  contentType: "application/vnd.amazon.eventstream",
  read(body, manners) {
    checkFields(body, manners)
    const all = list(body.messages)
    for (const [at, message] of all.entries()) checkMessage(message, all[at + 1], at)
    const blocks = all.filter(({ role }) => role === "user").flatMap(({ content }) => list(content))
    const results = blocks.flatMap(({ toolResult }) => (toolResult === undefined ? [] : [toolResult as Json]))
    const config = (body.toolConfig ?? {}) as Json
    return {
      own: all.filter(({ role }) => role === "assistant").map(heard),
      results: results.map(({ toolUseId, content, status }) => ({
        id: text(toolUseId),
        text: textsOf(content).join("\n"),
        isError: status === undefined ? undefined : status === "error",
      })),
      said: textsOf(blocks),
      pictures: [...blocks, ...results.flatMap(({ content }) => list(content))].filter(
        ({ image }) => image !== undefined,
      ).length,
      isAgent: list(all.at(-1)?.content).some(({ toolResult }) => toolResult !== undefined),
      tools: list(config.tools).flatMap(({ toolSpec }) =>
        toolSpec === undefined ? [] : [text((toolSpec as Json).name)],
      ),
    }
  },
  reply: (spoken, seed, manners) => Buffer.concat(messagesOf(spoken, seed, manners.reasoning !== undefined)),
}

function checkMessage(message: Json, next: Json | undefined, at: number): void {
  must(
    message.role === (at % 2 === 0 ? "user" : "assistant"),
    "A conversation must alternate between user and assistant roles",
  )
  const blocks = list(message.content)
  must(blocks.length > 0, "The content field of a message is empty")
  must(!textsOf(blocks).some((said) => said.trim() === ""), "The text field in a ContentBlock is blank")
  if (message.role !== "assistant") return
  const ids = blocks.flatMap(({ toolUse }) => (toolUse === undefined ? [] : [text((toolUse as Json).toolUseId)]))
  for (const id of ids) must(/^[\w-]{1,64}$/.test(id), `toolUseId ${id} failed to satisfy the pattern [a-zA-Z0-9_-]+`)
  const told = list(next?.content).flatMap(({ toolResult }) =>
    toolResult === undefined ? [] : [text((toolResult as Json).toolUseId)],
  )
  checkResults(ids, told)
}

function heard({ content }: Json): Heard {
  const blocks = list(content)
  const thought = blocks.find(({ reasoningContent }) => reasoningContent !== undefined)
  const reasoning = ((thought?.reasoningContent ?? {}) as Json).reasoningText as Json | undefined
  if (thought !== undefined) must(text(reasoning?.signature) !== "", "reasoningContent lacks its signature")
  return {
    text: textsOf(blocks).join(""),
    calls: blocks.flatMap(({ toolUse }) => {
      if (toolUse === undefined) return []
      const { toolUseId, name, input } = toolUse as Json
      return [{ id: text(toolUseId), name: text(name), args: input }]
    }),
    proof: text(reasoning?.signature),
  }
}

function textsOf(content: unknown): string[] {
  return list(content).flatMap((block) => (typeof block.text === "string" ? [block.text] : []))
}

function messagesOf({ text: said, calls = [], isCut }: Spoken, seed: number, thinks: boolean): Uint8Array[] {
  const blocks = [
    ...(thinks
      ? [
          {
            start: undefined,
            deltas: [
              ...pieces(thoughtOf(seed)).map((piece) => ({ reasoningContent: { text: piece } })),
              { reasoningContent: { signature: proofOf(seed) } },
            ],
          },
        ]
      : []),
    ...(said === undefined ? [] : [{ start: undefined, deltas: pieces(said).map((piece) => ({ text: piece })) }]),
    ...calls.map(({ name, args }, at) => ({
      start: { toolUse: { toolUseId: `tooluse_${seed}_${at}`, name } },
      deltas: pieces(JSON.stringify(args), 3).map((input) => ({ toolUse: { input } })),
    })),
  ]
  const messages = [
    converseEvent("messageStart", { role: "assistant" }),
    ...blocks.flatMap(({ start, deltas }, contentBlockIndex) => [
      ...(start === undefined ? [] : [converseEvent("contentBlockStart", { contentBlockIndex, start })]),
      ...deltas.map((delta) => converseEvent("contentBlockDelta", { contentBlockIndex, delta })),
      converseEvent("contentBlockStop", { contentBlockIndex }),
    ]),
  ]
  if (isCut === true) return messages.slice(0, -2)
  const usage = { inputTokens: 10, outputTokens: 7, totalTokens: 17 }
  return [
    ...messages,
    converseEvent("messageStop", { stopReason: calls.length > 0 ? "tool_use" : "end_turn" }),
    converseEvent("metadata", { usage, metrics: { latencyMs: 1 } }),
  ]
}
