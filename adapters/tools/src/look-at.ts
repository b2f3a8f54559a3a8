import { type RunContext, ToolFailure, type ToolResult } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "./define.ts"
import { imageBlock, imageRefusal } from "./files/image-block.ts"
import { imageInfo } from "./files/images.ts"
import { type Place, placeOf, provenance, reads } from "./files/place.ts"

interface Input {
  readonly path: string
  readonly question: string
  readonly pages?: string | undefined
}

const BYTES_MAX = 50_000_000
const DOCUMENT_CHARS_MAX = 100_000

/** Asks a cheap model that sees images about a file, so that only its answer is in the conversation. */
export const lookAt = defineTool<Input, Place>({
  name: "look_at",
  description:
    "Ask a small model about an image, PDF, notebook or office document: only its answer comes back. To see it yourself use read.",
  summary: "ask a small model about an image or document",
  input: () =>
    z.strictObject({
      path: z.string(),
      question: z.string().min(1).max(900),
      pages: z.string().max(200).optional().describe("of a document: 2, 3-7 or 1,4-5"),
    }),
  kind: "read",
  needs: ["model"],
  effects: ["read"],
  isConcurrent: true,
  timeoutMs: 180_000,
  title: ({ path }) => `look_at ${path}`,
  paths: ({ path }) => [path],
  async plan({ path }, world, context) {
    const place = await placeOf(path, world, context)
    return { ...reads(place), fingerprint: place.path, prepared: place }
  },
  async run({ question, pages }, world, context, place) {
    if (context.lookAt === undefined) throw new ToolFailure("There is no model to ask here.")
    const content = await contentOf(place, pages, world, context)
    const { text, by } = await context.lookAt(content, question)
    return resultOf(place, text, by)
  },
})

async function contentOf(
  place: Place,
  pages: string | undefined,
  { files, documents }: ToolWorld,
  { signal }: RunContext,
): Promise<readonly ContentBlock[]> {
  const { bytes } = await files.read(place.path, { bytesMax: BYTES_MAX })
  const image = imageInfo(bytes)
  if (image !== undefined) {
    const refusal = imageRefusal(bytes, image)
    if (refusal !== undefined) throw new ToolFailure(`${place.shown} is ${refusal}`)
    return [imageBlock(bytes, image.mediaType, place.shown)]
  }
  const kind = documents?.kindOf(bytes, place.path)
  if (documents === undefined || kind === undefined) {
    throw new ToolFailure(
      `${place.shown} is no image, PDF, notebook or office document. Text is read with read; sound and film are not looked at: take pictures out of a film (ffmpeg -i FILE -vf fps=1 %d.png) and look at those.`,
    )
  }
  const { text, images = [], notes } = await documents.textOf(bytes, kind, { pages, signal })
  const shown = images.flatMap(({ bytes: picture, name }) => {
    const info = imageInfo(picture)
    return info === undefined || imageRefusal(picture, info) !== undefined
      ? []
      : [imageBlock(picture, info.mediaType, name)]
  })
  if (isWithoutText(text) && shown.length === 0) {
    throw new ToolFailure(
      `${place.shown} holds no text: its pages are pictures. Make them images (pdftoppm -r 100 -png ${place.shown} page) and look at those.`,
    )
  }
  const said = [text.slice(0, DOCUMENT_CHARS_MAX), ...notes].join("\n")
  return [{ type: "text", text: said }, ...shown]
}

/** Nothing but the marks of pages. */
function isWithoutText(text: string): boolean {
  return text.replace(/^\[page \d+\]$/gm, "").trim() === ""
}

function resultOf(place: Place, text: string, by: string): ToolResult {
  return {
    forModel: [{ type: "text", text: `As ${by} sees ${place.shown}:\n${text}` }],
    forHuman: { kind: "text", body: text, summary: by },
    provenance: provenance(place),
  }
}
