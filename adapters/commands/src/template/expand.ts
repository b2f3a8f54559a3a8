import { visible } from "@skein/protocol"
import type { Arguments } from "./arguments.ts"
import type { Piece } from "./parse.ts"
import { shellLine } from "./shell-line.ts"

/** What came of a line or a file of a command. */
export type Looked =
  | { readonly kind: "text"; readonly text: string; readonly bytesOmitted?: number | undefined }
  /** It was not done, as a sentence part says. */
  | { readonly kind: "refused"; readonly why: string }
  /** There is no such file. */
  | { readonly kind: "none" }

export interface Looking {
  run(line: string): Promise<Looked>
  read(path: string): Promise<Looked>
}

const CHARS_MAX = 200_000
const LINES_MAX = 20
const FILES_MAX = 40

/** The text with all its places filled in, one after the other; what was left out says so in its place. */
export async function filledIn(all: readonly Piece[], args: Arguments, looking: Looking): Promise<string> {
  let text = ""
  let [lines, files] = [0, 0]
  for (const piece of all) {
    if (text.length > CHARS_MAX) break
    if (piece.kind === "text") text += piece.text
    else if (piece.kind === "shell") text += await outputOf(piece, args, lines++ < LINES_MAX ? looking : TOO_MANY)
    else if (piece.kind === "file") text += await contentOf(piece, args, files++ < FILES_MAX ? looking : TOO_MANY)
    else text += args.valueOf(piece)
  }
  return text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}\n[The rest of this command's text was left out.]` : text
}

const TOO_MANY: Looking = {
  run: async () => ({ kind: "refused", why: `a command runs ${LINES_MAX} lines at most` }),
  read: async () => ({ kind: "refused", why: `a command shows ${FILES_MAX} files at most` }),
}

async function outputOf(
  { line }: Extract<Piece, { kind: "shell" }>,
  args: Arguments,
  { run }: Looking,
): Promise<string> {
  const written = shellLine(line, args)
  if (written === undefined) {
    return "[Not run: what was written behind the command cannot be put into its shell line safely.]"
  }
  const looked = await run(written)
  if (looked.kind === "text") return visible(looked.text).trimEnd()
  const why = looked.kind === "refused" ? looked.why : "it could not be run"
  return `[Not run: \`${visible(written)}\`, because ${why}. Run it yourself if you need what it says.]`
}

async function contentOf(
  { path }: Extract<Piece, { kind: "file" }>,
  args: Arguments,
  { read }: Looking,
): Promise<string> {
  const [written, stop = ""] = withoutStop(
    path.map((piece) => (piece.kind === "text" ? piece.text : args.valueOf(piece))).join(""),
  )
  const looked = await read(written)
  if (looked.kind === "none") return `@${written}${stop}`
  if (looked.kind === "refused") return `@${written} [not shown here: ${looked.why}]${stop}`
  const omitted = looked.bytesOmitted === undefined ? "" : `\n[${looked.bytesOmitted} bytes more were left out.]`
  return `@${written}${stop}\n\n<file path=${JSON.stringify(written)}>\n${visible(looked.text).trimEnd()}${omitted}\n</file>\n`
}

/** A stop behind a path ends the sentence. */
function withoutStop(path: string): readonly [string, string?] {
  const [, name = path, stop] = /^(.*?)(\.+)$/.exec(path) ?? []
  return stop === undefined || name === "" || name.endsWith("/") ? [path] : [name, stop]
}
