import type { CallToolResult, ContentBlock, GetPromptResult, ReadResourceResult } from "@modelcontextprotocol/client"
import type { ServerContent, ServerResult } from "./live-server.ts"

export function resultOf({ content, structuredContent, isError }: CallToolResult): ServerResult {
  const told = content.map(contentOf)
  const structured = recordOf(structuredContent)
  // What is no object is in the text as well, as the protocol wants it; where it is not, it is put there.
  const isOnlyStructured = told.length === 0 && structured === undefined && structuredContent !== undefined
  const text: ServerContent = { type: "text", text: JSON.stringify(structuredContent) ?? "" }
  return {
    content: isOnlyStructured ? [text] : told,
    ...(structured === undefined ? {} : { structured }),
    isError: isError === true,
  }
}

/** The messages of a prompt, one behind the other; who says what is told where not a person says all of it. */
export function promptContent({ messages }: GetPromptResult): readonly ServerContent[] {
  const isDialogue = messages.some(({ role }) => role === "assistant")
  return messages.map(({ role, content }) => {
    const told = contentOf(content)
    return isDialogue && told.type === "text" ? { ...told, text: `${role}: ${told.text}` } : told
  })
}

export function resourceContent({ contents }: ReadResourceResult): readonly ServerContent[] {
  return contents.map(embedded)
}

function contentOf(block: ContentBlock): ServerContent {
  switch (block.type) {
    case "text":
      return { type: "text", text: block.text }
    case "image":
    case "audio":
      return { type: block.type, mediaType: block.mimeType, data: block.data }
    case "resource":
      return embedded(block.resource)
    case "resource_link":
      return { type: "link", uri: block.uri, name: block.name }
  }
}

function embedded(resource: ReadResourceResult["contents"][number]): ServerContent {
  const { uri, mimeType } = resource
  if ("text" in resource) return { type: "text", text: resource.text, uri }
  return { type: "blob", mediaType: mimeType ?? "application/octet-stream", data: resource.blob, uri }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}
