import { type FileStat, type RunContext, ToolFailure, type ToolResult } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"
import type { ToolWorld } from "../define.ts"
import { imageBlock, imageRefusal } from "./image-block.ts"
import { imageInfo } from "./images.ts"
import { type Place, provenance } from "./place.ts"
import { eachLine, viewLines } from "./view.ts"

const BYTES_MAX = 50_000_000
const HEAD_BYTES = 1_024

interface Wanted {
  readonly pages: string | undefined
  /** The first line of its text to show, from 1. */
  readonly offset: number
  readonly lines: number
}

/** A file that is a document, as its text; undefined for one that is none. Throws ToolFailure for what cannot be read. */
export async function documentIn(
  place: Place,
  stat: FileStat,
  { pages, offset, lines }: Wanted,
  { documents, files }: ToolWorld,
  { signal }: RunContext,
): Promise<ToolResult | undefined> {
  if (documents === undefined || stat.kind !== "file") return undefined
  const head = await files.readPart(place.path, { offset: 0, bytesMax: HEAD_BYTES })
  const kind = documents.kindOf(head, place.path)
  if (kind === undefined) return undefined
  if (stat.bytes > BYTES_MAX)
    throw new ToolFailure(`${place.shown} has ${stat.bytes} bytes: documents are read up to ${BYTES_MAX}.`)
  const file = await files.read(place.path, { bytesMax: BYTES_MAX })
  const document = await documents.textOf(file.bytes, kind, { pages, signal })
  const view = viewLines(eachLine(document.text), offset, lines)
  if (view.to < view.from && document.text !== "")
    throw new ToolFailure(`${place.shown} has no line ${offset} in its text.`)
  const { unit, units, notes } = document
  const size = unit === undefined || units === undefined ? kind : `${kind}, ${units} ${unit}${units === 1 ? "" : "s"}`
  const more = view.isMore ? [`Lines ${view.from}-${view.to} are shown; go on with offset ${view.to + 1}.`] : []
  const text = [`${place.shown}: ${size}`, "", view.text, ...remarks([...more, ...notes])].join("\n")
  return {
    forModel: [{ type: "text", text }, ...pictures(document.images ?? [])],
    forHuman: { kind: "file", body: document.text.slice(0, 100_000), summary: size },
    observed: [{ path: place.path, sha256: file.sha256 }],
    bytes: file.bytes.length,
    provenance: provenance(place),
  }
}

function remarks(notes: readonly string[]): readonly string[] {
  return notes.length === 0 ? [] : [`(${notes.join(" ")})`]
}

/** Those that a model can be shown. */
function pictures(images: readonly { readonly bytes: Uint8Array; readonly name: string }[]): readonly ContentBlock[] {
  return images.flatMap(({ bytes, name }) => {
    const image = imageInfo(bytes)
    return image === undefined || imageRefusal(bytes, image) !== undefined
      ? []
      : [imageBlock(bytes, image.mediaType, name)]
  })
}
