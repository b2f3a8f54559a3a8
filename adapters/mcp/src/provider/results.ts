import type { Artifact, ArtifactsPort, ToolResult } from "@skein/core/ports"
import { type ContentBlock, type SessionId, visible } from "@skein/protocol"
import type { ServerContent, ServerResult } from "../connection/live-server.ts"

export interface Keeping {
  readonly artifacts: ArtifactsPort | undefined
  readonly sessionId: SessionId
}

/** What models are shown as images. */
const IMAGES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"])
const IMAGE_CHARS_MAX = 7_000_000

/**
 * What a server gave, for a model and for a person: text as it is, images that models are shown, all else kept as a file.
 * It is somebody else's, so nobody is steered by it unasked, unless the client whose own tool it is says otherwise.
 */
export async function resultOf(
  source: string,
  given: ServerResult & { readonly isTrusted?: boolean },
  keeping: Keeping,
): Promise<ToolResult> {
  const made = await Promise.all(given.content.map((content) => blockOf(content, keeping)))
  const texts = given.content.filter(({ type }) => type === "text")
  const { structured } = given
  // Most servers say the same as text beside it.
  const more =
    structured !== undefined && texts.length === 0 ? [textBlock(JSON.stringify(structured, undefined, 2))] : []
  const blocks = [...made.map(({ block }) => block), ...more]
  const forModel = blocks.length === 0 ? [textBlock("(no output)")] : blocks
  const body = forModel.map((block) => (block.type === "text" ? block.text : `[${block.mediaType}]`)).join("\n")
  return {
    forModel,
    forHuman: { kind: "text", body: visible(body) },
    artifacts: made.flatMap(({ artifact }) => artifact ?? []),
    provenance: { source: saidBy(source), isTrusted: given.isTrusted === true },
    ...(given.isError ? { isError: true } : {}),
  }
}

/** Where something is from, as a person reads it when the turn is tainted by it. */
export function saidBy(server: string): string {
  return `what the MCP server ${server} said`
}

interface Made {
  readonly block: ContentBlock
  readonly artifact?: Artifact
}

async function blockOf(content: ServerContent, keeping: Keeping): Promise<Made> {
  switch (content.type) {
    case "text":
      return { block: textBlock(content.uri === undefined ? content.text : `${content.uri}\n${content.text}`) }
    case "link":
      return { block: textBlock(`[${content.name}](${content.uri})`) }
    default: {
      const { mediaType, data, type } = content
      if (type === "image" && IMAGES.has(mediaType) && data.length <= IMAGE_CHARS_MAX)
        return { block: { type: "image", mediaType, data } }
      return kept(type, mediaType, data, keeping)
    }
  }
}

async function kept(type: string, mediaType: string, data: string, { artifacts, sessionId }: Keeping): Promise<Made> {
  const bytes = Buffer.from(data, "base64")
  const what = `${type} of the type ${mediaType}, ${bytes.length} bytes`
  if (artifacts === undefined) return { block: textBlock(`[${what}, which cannot be shown]`) }
  const writer = await artifacts.create(extensionOf(mediaType), sessionId)
  writer.write(bytes)
  const artifact = await writer.close()
  return { block: textBlock(`[${what}, kept in ${artifact.path}]`), artifact }
}

function extensionOf(mediaType: string): string {
  const [, kind = "bin"] = mediaType.toLowerCase().split("/")
  return /^[a-z0-9]{1,8}$/.test(kind) ? kind : "bin"
}

function textBlock(text: string): ContentBlock {
  return { type: "text", text }
}

/** One text, as a result of skein's own words about servers. */
export function ownResult(text: string, summary: string): ToolResult {
  return {
    forModel: [textBlock(text)],
    forHuman: { kind: "text", body: visible(text), summary },
    provenance: { source: "what is known of MCP servers", isTrusted: true },
  }
}
