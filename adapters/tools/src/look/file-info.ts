import { type FileStat, ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "../define.ts"
import { EDITABLE_BYTES_MAX } from "../files/change.ts"
import { imageInfo } from "../files/images.ts"
import { binaryKind } from "../files/kinds.ts"
import { nearNames } from "../files/near-names.ts"
import { type Place, placeOf, reads } from "../files/place.ts"
import { decodeText, ENCODING_NAMES, lineEndOf } from "../files/text.ts"

interface Input {
  readonly path: string
}

/** What a file is, without its content. */
export const fileInfo = defineTool<Input, Place>({
  name: "file_info",
  summary: "a file's size, kind, encoding, line ends, mode and hash",
  description: "What a file is, without its content: size, kind, encoding, line ends, lines, mode, time and SHA-256.",
  input: () => z.strictObject({ path: z.string() }),
  kind: "read",
  effects: ["read"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ path }) => `look at ${path}`,
  paths: ({ path }) => [path],
  async plan({ path }, world, context) {
    const place = await placeOf(path, world, context)
    return { ...reads(place), fingerprint: place.path, prepared: place }
  },
  async run({ path }, world, _context, place) {
    const stat = await world.files.stat(place.path)
    if (stat === undefined) throw new ToolFailure(`There is no ${place.shown}.${await nearNames(place, world)}`)
    const lines = [
      ...(place.path.endsWith(`/${path.replace(/^\.\//, "")}`) || path === place.path ? [] : [`it is: ${place.path}`]),
      `bytes: ${stat.bytes}`,
      `mode: ${stat.mode.toString(8).padStart(4, "0")}`,
      `modified: ${new Date(stat.modifiedMs).toISOString()}`,
      ...(await contentFacts(place, stat, world)),
    ]
    return {
      forModel: [{ type: "text", text: `${place.shown}\n${lines.join("\n")}` }],
      forHuman: { kind: "listing", body: lines.join("\n"), summary: `${stat.bytes} bytes` },
      provenance: { source: place.path, isTrusted: true },
    }
  },
})

async function contentFacts(place: Place, stat: FileStat, world: ToolWorld): Promise<readonly string[]> {
  if (stat.kind === "directory") return [`kind: folder with ${(await world.files.list(place.path)).length} entries`]
  if (stat.kind !== "file") return ["kind: neither a file nor a folder"]
  if (stat.bytes > EDITABLE_BYTES_MAX) return ["kind: too large to be looked into"]
  const { bytes, sha256 } = await world.files.read(place.path, { bytesMax: EDITABLE_BYTES_MAX })
  return [...kindFacts(bytes), `sha256: ${sha256}`]
}

const LINE_ENDS: Readonly<Record<string, string>> = { "\n": "LF", "\r\n": "CRLF", "\r": "CR" }

function kindFacts(bytes: Uint8Array): readonly string[] {
  const image = imageInfo(bytes)
  if (image !== undefined) return [`kind: ${image.mediaType}, ${image.width}×${image.height}`]
  const file = decodeText(bytes)
  if (file === undefined) return [`kind: ${binaryKind(bytes)}`]
  const kinds = new Set(file.raw.match(/\r\n|\r|\n/g) ?? [])
  const end = lineEndOf(file.raw)
  const ends = end === undefined ? "none" : kinds.size > 1 ? `mixed, mostly ${LINE_ENDS[end]}` : LINE_ENDS[end]
  const isEnded = file.text === "" || file.text.endsWith("\n")
  return [
    `kind: text, ${ENCODING_NAMES[file.encoding]}${file.bomBytes > 0 ? " with a byte order mark" : ""}`,
    `lines: ${file.text === "" ? 0 : file.text.split("\n").length - (isEnded ? 1 : 0)}${isEnded ? "" : ", no line end at the end"}`,
    `line ends: ${ends}`,
  ]
}
