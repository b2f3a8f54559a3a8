import { type Json, list, object, string } from "./json.ts"
import { CALL_TOKENS, type Entry, INPUT_TOKENS, sse, type Wire } from "./wire.ts"

/** Gemini: POST …/models/NAME:streamGenerateContent and :generateContent. */
export const gemini: Wire = {
  name: "gemini",
  matches: (path) => /:(streamG|g)enerateContent$/.test(path),
  isStreamed: (path) => path.endsWith(":streamGenerateContent"),
  read: (body) => ({
    entries: list(body.contents).flatMap(entriesIn),
    tools: list(body.tools)
      .flatMap((group) => list(group.functionDeclarations))
      .map((tool) => ({
        name: string(tool.name),
        schema: object(tool.parametersJsonSchema ?? tool.parameters),
      })),
  }),
  say: (model, words) =>
    words.map((text, index) => sse(chunk(model, { text }, words.length, index === words.length - 1))),
  call: (model, call) => [
    sse(chunk(model, { functionCall: { id: call.id, name: call.name, args: call.input } }, CALL_TOKENS, true)),
  ],
  whole: (model, text) => chunk(model, { text }, 1, true),
}

function entriesIn(said: Json): Entry[] {
  const parts = list(said.parts)
  if (said.role === "model") {
    return parts.some((part) => part.functionCall !== undefined) ? [] : [{ kind: "answer" }]
  }
  return parts.flatMap((part): Entry[] => {
    if (part.functionResponse !== undefined) return [{ kind: "result", text: JSON.stringify(part) }]
    return part.text === undefined ? [] : [{ kind: "user", text: string(part.text) }]
  })
}

function chunk(model: string, part: Json, outputTokens: number, isLast: boolean): Json {
  const finish = isLast ? { finishReason: "STOP" } : {}
  return {
    candidates: [{ content: { role: "model", parts: [part] }, index: 0, ...finish }],
    usageMetadata: {
      promptTokenCount: INPUT_TOKENS,
      candidatesTokenCount: outputTokens,
      totalTokenCount: INPUT_TOKENS + outputTokens,
    },
    modelVersion: model,
    responseId: "bench",
  }
}
