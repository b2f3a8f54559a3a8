import type { AssistantBlock, Message, ResultBlock } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"

type Answer = Extract<Message, { role: "assistant" }>
type Said = Extract<Message, { role: "user" }>

/**
 * Throws, naming the message, unless every provider accepts this conversation: it begins and ends with the user, roles
 * alternate, no message and no text is blank, an answer does not end in a thought, call ids are unique and every call
 * has exactly one result at the head of the next message, in the order of the calls.
 */
export function assertAcceptable(messages: readonly Message[]): void {
  const problems = [...ends(messages), ...messages.flatMap((message, at) => inMessage(message, at, messages))]
  const ids = messages.flatMap((message) => (message.role === "assistant" ? callsOf(message) : []))
  for (const [at, id] of ids.entries()) {
    if (ids.indexOf(id) !== at) problems.push(`call id ${id} is used twice`)
  }
  if (problems.length > 0) throw new Error(`${problems.join("; ")} in ${JSON.stringify(messages, null, 1)}`)
}

function ends(messages: readonly Message[]): string[] {
  if (messages.length === 0) return ["there is no message"]
  return [
    ...(messages[0]?.role === "user" ? [] : ["it does not begin with the user"]),
    ...(messages.at(-1)?.role === "user" ? [] : ["it does not end with the user"]),
  ]
}

function inMessage(message: Message, at: number, messages: readonly Message[]): string[] {
  const before = messages[at - 1]
  const problems = [
    ...(before?.role === message.role ? ["same role as the one before"] : []),
    ...(message.content.length === 0 ? ["empty"] : []),
    ...(message.role === "assistant" ? inAnswer(message, messages[at + 1]) : inSaid(message, before)),
  ]
  return problems.map((problem) => `message ${at}: ${problem}`)
}

function inAnswer(message: Answer, next: Message | undefined): string[] {
  const asked = callsOf(message)
  const answered = next?.role === "user" ? resultsOf(next).map((result) => result.callId) : []
  return [
    ...(message.content.at(-1)?.type === "reasoning" ? ["ends in a thought"] : []),
    ...(asked.join() === answered.join() ? [] : [`calls [${asked}] have the results [${answered}]`]),
    ...message.content.flatMap(inBlock),
  ]
}

function inSaid(message: Said, before: Message | undefined): string[] {
  const results = resultsOf(message)
  const isHead = message.content.slice(0, results.length).every(({ type }) => type === "result")
  const isOrphan = results.length > 0 && before?.role !== "assistant"
  return [
    ...(isHead ? [] : ["results are not at its head"]),
    ...(isOrphan ? ["results without calls before"] : []),
    ...results.flatMap(({ callId, content }) => (content.length === 0 ? [`result ${callId} is empty`] : [])),
    ...[...message.content, ...results.flatMap(({ content }) => content)].flatMap(inBlock),
  ]
}

function inBlock(block: AssistantBlock | ContentBlock | ResultBlock): string[] {
  if (block.type === "text" && !/\S/.test(block.text)) return ["blank text"]
  if (block.type !== "call" && block.type !== "result") return []
  const isNamed = /^[A-Za-z0-9_-]{1,64}$/.test(block.name)
  const isObject =
    block.type === "result" || (typeof block.input === "object" && block.input !== null && !Array.isArray(block.input))
  return [
    ...(isNamed ? [] : [`no provider takes the name ${JSON.stringify(block.name)}`]),
    ...(isObject ? [] : [`the input of ${block.callId} is no object`]),
    ...(block.callId.trim() === "" ? ["a call id is blank"] : []),
  ]
}

function callsOf(message: Answer): string[] {
  return message.content.flatMap((block) => (block.type === "call" ? [block.callId] : []))
}

function resultsOf(message: Said): ResultBlock[] {
  return message.content.filter((block) => block.type === "result")
}
