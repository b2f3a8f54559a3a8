import { ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "../define.ts"
import { binaryKind } from "../files/kinds.ts"
import { nearNames } from "../files/near-names.ts"
import { type Place, placeOf, reads } from "../files/place.ts"
import { decodeText } from "../files/text.ts"
import { countOf } from "../search/glob.ts"

interface Input {
  readonly path: string
  readonly head: number
  readonly tail: number
}

/** Of each end; more than any number of lines that may be asked for should take. */
const PART_BYTES_MAX = 200_000
const LINE_CHARACTERS_MAX = 500

/** The first and the last lines of a file, however large it is. */
export const headTail = defineTool<Input, Place>({
  name: "head_tail",
  summary: "the first and last lines of a file of any size, as of a log",
  description: "The first and the last lines of a text file of any size. For what is between them use read.",
  input: () =>
    z.strictObject({
      path: z.string(),
      head: z.int().min(0).max(500).default(20).describe("lines from the start"),
      tail: z.int().min(0).max(500).default(20).describe("lines from the end"),
    }),
  kind: "read",
  effects: ["read"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ path, head, tail }) => `ends of ${path} (${head}, ${tail})`,
  paths: ({ path }) => [path],
  async plan({ path }, world, context) {
    const place = await placeOf(path, world, context)
    return { ...reads(place), fingerprint: place.path, prepared: place }
  },
  async run({ head, tail }, world, _context, place) {
    const stat = await world.files.stat(place.path)
    if (stat?.kind !== "file") throw new ToolFailure(`There is no file ${place.shown}.${await nearNames(place, world)}`)
    const ends = await endsOf(place, stat.bytes, world)
    const shown = cutOut(ends, head, tail)
    return {
      forModel: [{ type: "text", text: shown === "" ? `${place.shown} is empty.` : shown }],
      forHuman: { kind: "file", body: shown, summary: `${head} + ${tail} lines` },
      bytes: stat.bytes,
      provenance: { source: place.path, isTrusted: place.isInside && !place.isVendored },
    }
  },
})

interface Ends {
  readonly first: readonly string[]
  /** Undefined when `first` is the whole file. */
  readonly last: readonly string[] | undefined
  readonly bytesBetween: number
}

async function endsOf(place: Place, bytes: number, world: ToolWorld): Promise<Ends> {
  const { files } = world
  if (bytes <= PART_BYTES_MAX * 2) {
    const { bytes: all, sha256 } = await files.read(place.path, { bytesMax: PART_BYTES_MAX * 2 + 65_536 })
    const text = decodeText(all)?.text
    if (text === undefined) throw new ToolFailure(`${place.shown} is ${binaryKind(all)} (${bytes} bytes), not text.`)
    world.seen?.add(sha256, all)
    return { first: linesOf(text), last: undefined, bytesBetween: 0 }
  }
  const [start, end] = await Promise.all([
    files.readPart(place.path, { offset: 0, bytesMax: PART_BYTES_MAX }),
    files.readPart(place.path, { offset: bytes - PART_BYTES_MAX, bytesMax: PART_BYTES_MAX }),
  ])
  if (start.subarray(0, 8_000).includes(0))
    throw new ToolFailure(`${place.shown} is ${binaryKind(start)} (${bytes} bytes), not text.`)
  // Half a line stands where a part was cut.
  const [first, last] = [shownLines(start).slice(0, -1), shownLines(end).slice(1)]
  return { first, last, bytesBetween: bytes - 2 * PART_BYTES_MAX }
}

const shownLines = (bytes: Uint8Array) => linesOf(new TextDecoder().decode(bytes).replace(/\r\n?/g, "\n"))

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n")
}

function cutOut({ first, last }: Ends, head: number, tail: number): string {
  if (last === undefined) {
    if (first.length <= head + tail) return numbered(first, 1)
    const start = numbered(first.slice(0, head), 1)
    const from = first.length - tail
    return [start, `… (${countOf(from - head, "line")})`, numbered(first.slice(from), from + 1)]
      .filter(Boolean)
      .join("\n")
  }
  const end = tail === 0 ? [] : last.slice(-tail)
  const note = "… (how many lines lie between was not counted; the last ones have no numbers)"
  return [numbered(first.slice(0, head), 1), note, ...end.map(cut)].filter(Boolean).join("\n")
}

const numbered = (lines: readonly string[], from: number) =>
  lines.map((line, index) => `${String(from + index).padStart(6)}\t${cut(line)}`).join("\n")

const cut = (line: string) =>
  line.length > LINE_CHARACTERS_MAX ? `${line.slice(0, LINE_CHARACTERS_MAX).replace(/[\ud800-\udbff]$/, "")}…` : line
