import type { Message, ModelRequest, ResultBlock } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"

export type UserMessage = Extract<Message, { role: "user" }>
export type AssistantMessage = Extract<Message, { role: "assistant" }>
export type Image = Extract<ContentBlock, { type: "image" }>

/** Results first: every wire wants a call's result before anything else a person says. */
export function partsOf(message: UserMessage): {
  readonly results: readonly ResultBlock[]
  readonly said: readonly ContentBlock[]
} {
  const results: ResultBlock[] = []
  const said: ContentBlock[] = []
  for (const block of message.content) {
    if (block.type === "result") results.push(block)
    else if (!isEmptyText(block)) said.push(block)
  }
  return { results, said }
}

/** The text of a result; pictures are left to `imagesOf`. */
export function textOf(content: readonly ContentBlock[]): string {
  return content.flatMap((block) => (block.type === "text" && !isEmptyText(block) ? [block.text] : [])).join("\n")
}

export function imagesOf(content: readonly ContentBlock[]): readonly Image[] {
  return content.filter((block) => block.type === "image")
}

export function dataUrl(image: Image): string {
  return `data:${image.mediaType};base64,${image.data}`
}

/** Several APIs refuse a block of text that holds nothing, or blanks alone, and with it every later request. */
export function isEmptyText(block: { readonly type: string; readonly text?: string | undefined }): boolean {
  return block.type === "text" && (block.text ?? "").trim() === ""
}

/**
 * Whether OpenAI's strict mode takes a schema: every object closed, all of its properties required. It refuses any other,
 * and the request with it; without strict mode the schema is followed, though not enforced.
 */
export function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict)
  if (typeof schema !== "object" || schema === null) return true
  const { type, properties, required, additionalProperties } = schema as Record<string, unknown>
  const isObject = type === "object" || (Array.isArray(type) && type.includes("object"))
  if (isObject) {
    const names = Object.keys(typeof properties === "object" && properties !== null ? properties : {})
    const isWhole = Array.isArray(required) && names.every((name) => required.includes(name))
    if (additionalProperties !== false || (names.length > 0 && !isWhole)) return false
  }
  return Object.values(schema).every(isStrict)
}

/** The system text, with the wanted schema in words where no field can carry it. */
export function systemTexts(request: ModelRequest, isSchemaInWords: boolean): readonly string[] {
  const texts = request.system.filter((text) => text.trim() !== "")
  if (!isSchemaInWords || request.outputSchema === undefined) return texts
  return [
    ...texts,
    "Your final message must be one JSON value, with nothing around it, that is valid under this JSON Schema:\n" +
      JSON.stringify(request.outputSchema.schema),
  ]
}
