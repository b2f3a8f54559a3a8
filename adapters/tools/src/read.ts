import { type FileBytes, ToolFailure, type ToolResult } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "./define.ts"
import { EDITABLE_BYTES_MAX } from "./files/change.ts"
import { documentIn } from "./files/document.ts"
import { imageBlock, imageRefusal } from "./files/image-block.ts"
import { imageInfo } from "./files/images.ts"
import { binaryKind } from "./files/kinds.ts"
import { largeView } from "./files/large.ts"
import { nearNames } from "./files/near-names.ts"
import { type Place, placeOf, provenance, reads } from "./files/place.ts"
import { tmpNote } from "./files/private-tmp.ts"
import { decodeText, ENCODING_NAMES, type TextFile } from "./files/text.ts"
import { eachLine, LINES_MAX, type LineView, viewLines } from "./files/view.ts"

interface Input {
  readonly path: string
  readonly offset?: number | undefined
  readonly limit?: number | undefined
  readonly pages?: string | undefined
}

/** Shows a text file with line numbers, or an image. */
export const read = defineTool<Input, Place>({
  name: "read",
  description:
    "Read a text file as numbered lines; an image; a PDF, notebook or office document as text. Shows up to 2,000 lines or " +
    "50 kB; go on with offset, the first line to show. For folders use list.",
  input: () =>
    z.strictObject({
      path: z.string(),
      offset: z.int().min(1).optional(),
      limit: z.int().min(1).optional(),
      pages: z.string().max(200).optional().describe("of a document: 2, 3-7 or 1,4-5"),
    }),
  kind: "read",
  effects: ["read"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ path, offset, limit }) => `read ${path}${range(offset, limit)}`,
  paths: ({ path }) => [path],
  async plan({ path }, world, context) {
    const place = await placeOf(path, world, context)
    return { ...reads(place), fingerprint: place.path, prepared: place }
  },
  async run({ offset = 1, limit = LINES_MAX, pages }, world, context, place) {
    context.signal.throwIfAborted()
    const stat = await world.files.stat(place.path)
    const unsaved = stat === undefined ? await world.unsaved?.(place.path) : undefined
    if (unsaved !== undefined) return wholeResult(place, unsaved, offset, Math.min(limit, LINES_MAX), world)
    if (stat === undefined)
      throw new ToolFailure(
        `There is no file ${place.shown}.${await nearNames(place, world)}${await tmpNote(place, world, context)}`,
      )
    const lines = Math.min(limit, LINES_MAX)
    const document = await documentIn(place, stat, { pages, offset, lines }, world, context)
    if (document !== undefined) return document
    if (stat.kind === "file" && stat.bytes > EDITABLE_BYTES_MAX) {
      return textResult(place, await largeView({ place, bytes: stat.bytes }, offset, lines, world, context.signal), {
        bytes: stat.bytes,
      })
    }
    const file = await world.files.read(place.path, { bytesMax: EDITABLE_BYTES_MAX })
    return imageResult(place, file) ?? wholeResult(place, file, offset, lines, world)
  },
})

const range = (offset?: number, limit?: number) =>
  offset === undefined && limit === undefined
    ? ""
    : `:${offset ?? 1}${limit === undefined ? "-" : `-${(offset ?? 1) + limit - 1}`}`

function imageResult(place: Place, file: FileBytes): ToolResult | undefined {
  const image = imageInfo(file.bytes)
  if (image === undefined) return undefined
  const size = `${image.width}×${image.height}, ${file.bytes.length} bytes`
  const refusal = imageRefusal(file.bytes, image)
  if (refusal !== undefined) throw new ToolFailure(`${place.shown} is ${refusal}`)
  return {
    forModel: [
      { type: "text", text: `${place.shown}: ${image.mediaType}, ${size}` },
      imageBlock(file.bytes, image.mediaType, place.shown),
    ],
    forHuman: { kind: "text", body: `${image.mediaType}, ${size}`, summary: `${image.width}×${image.height}` },
    ...facts(place, file),
  }
}

function wholeResult(place: Place, file: FileBytes, offset: number, limit: number, world: ToolWorld): ToolResult {
  const text = decodeText(file.bytes)
  if (text === undefined) {
    throw new ToolFailure(`${place.shown} is ${binaryKind(file.bytes)} (${file.bytes.length} bytes), not text.`)
  }
  world.seen?.add(file.sha256, file.bytes)
  if (text.text === "") {
    return {
      forModel: [{ type: "text", text: `${place.shown} is empty.` }],
      forHuman: { kind: "file", body: "", summary: "empty" },
      ...facts(place, file),
    }
  }
  const view = viewLines(eachLine(text.text), offset, limit)
  const count = countLines(text.text)
  if (view.to < view.from) throw new ToolFailure(`${place.shown} has ${count} lines; there is no line ${offset}.`)
  return { ...textResult(place, view, { count, file: text, bytes: file.bytes.length }), ...facts(place, file) }
}

function countLines(text: string): number {
  let count = text.endsWith("\n") ? 0 : 1
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1
  return count
}

function textResult(
  place: Place,
  view: LineView,
  about: { count?: number; file?: TextFile; bytes: number },
): ToolResult {
  const { count, file } = about
  const encoding =
    file === undefined || file.encoding === "utf8" ? [] : [`The file is ${ENCODING_NAMES[file.encoding]}.`]
  const more = view.isMore
    ? [
        `Lines ${view.from}-${view.to}${count === undefined ? "" : ` of ${count}`}. Go on with read {"path": ${JSON.stringify(place.shown)}, "offset": ${view.to + 1}}.`,
      ]
    : []
  const cut = view.cutLines > 0 ? [`${view.cutLines} long line${view.cutLines === 1 ? " was" : "s were"} cut.`] : []
  const notes = [...encoding, ...more, ...cut].join(" ")
  const shown = view.to - view.from + 1
  return {
    forModel: [{ type: "text", text: notes === "" ? view.text : `${view.text}\n(${notes})` }],
    forHuman: { kind: "file", body: view.text, summary: `${shown} line${shown === 1 ? "" : "s"}` },
    bytes: about.bytes,
    provenance: provenance(place),
  }
}

function facts(place: Place, file: FileBytes) {
  return {
    observed: [{ path: place.path, sha256: file.sha256 }],
    bytes: file.bytes.length,
    provenance: provenance(place),
  }
}
