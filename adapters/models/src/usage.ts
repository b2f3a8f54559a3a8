import type { Message, ModelChunk, ModelRequest } from "@skein/core/ports"
import type { Usage } from "@skein/protocol"

/**
 * Passes a reply on, and when it ends without usage puts an estimate before its `stop`: bytes divided by four, images not
 * counted. A local server that counts nothing, or counts only zeros, so still fills the meter. PROV-26.
 */
export async function* withUsage(
  request: ModelRequest,
  reply: AsyncIterable<readonly ModelChunk[]>,
): AsyncGenerator<readonly ModelChunk[]> {
  let isCounted = false
  let outputBytes = 0
  const argumentBytes = new Map<number, number>()
  for await (const chunks of reply) {
    for (const chunk of chunks) {
      if (chunk.type === "usage") isCounted ||= hasCounts(chunk.usage)
      else if (chunk.type === "text" || chunk.type === "reasoning") outputBytes += Buffer.byteLength(chunk.text)
      else if (chunk.type === "arguments") {
        argumentBytes.set(chunk.index, (argumentBytes.get(chunk.index) ?? 0) + Buffer.byteLength(chunk.text))
      } else if (chunk.type === "item_end" && chunk.argumentsText !== undefined) {
        argumentBytes.set(chunk.index, Buffer.byteLength(chunk.argumentsText))
      }
    }
    const stop = isCounted ? -1 : chunks.findIndex(({ type }) => type === "stop")
    if (stop < 0) yield chunks
    else
      yield [
        ...chunks.slice(0, stop),
        { type: "usage", usage: estimate(request, outputBytes + sum([...argumentBytes.values()], (bytes) => bytes)) },
        ...chunks.slice(stop),
      ]
  }
}

function hasCounts(usage: Partial<Usage>): boolean {
  return [usage.input, usage.cacheRead, usage.cacheWrite, usage.output].some((count) => (count ?? 0) > 0)
}

function estimate(request: ModelRequest, outputBytes: number): Usage {
  const tools = request.tools.length === 0 ? 0 : Buffer.byteLength(JSON.stringify(request.tools))
  const inputBytes = sum(request.system, Buffer.byteLength) + tools + sum(request.messages, messageBytes)
  const output = Math.ceil(outputBytes / 4)
  return { input: Math.ceil(inputBytes / 4), cacheRead: 0, cacheWrite: 0, output, reasoning: 0, isEstimated: true }
}

function messageBytes(message: Message): number {
  return sum<Message["content"][number]>(message.content, (block) => {
    if (block.type === "image") return 0
    if (block.type === "hosted") return Buffer.byteLength(JSON.stringify(block.providerData.data) ?? "")
    if (block.type === "call")
      return Buffer.byteLength(block.name) + Buffer.byteLength(JSON.stringify(block.input) ?? "")
    if (block.type === "result")
      return sum(block.content, (part) => (part.type === "text" ? Buffer.byteLength(part.text) : 0))
    return Buffer.byteLength(block.text)
  })
}

function sum<T>(values: readonly T[], size: (value: T) => number): number {
  return values.reduce((total, value) => total + size(value), 0)
}
