import { type DocumentsPort, type PageFormat, ToolFailure, type WebAnswer, type WebPage } from "@skein/core/ports"
import { decoded } from "../charset.ts"

/** What a model can read of an answer, by what the server says it is and what it shows itself to be. */
export async function pageOf(
  answer: WebAnswer,
  format: PageFormat,
  documents: DocumentsPort,
  signal: AbortSignal,
): Promise<WebPage> {
  const contentType = answer.headers["content-type"] ?? ""
  const mediaType = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? ""
  const notes = answer.isCut ? [`Only its first ${answer.bytes.length} bytes were read.`] : []
  const document = documents.kindOf(answer.bytes, nameOf(answer))
  if (document !== undefined && document !== "notebook") {
    const { text, notes: more } = await documents.textOf(answer.bytes, document, { signal })
    return { text: shown(text, notes), notes: [...notes, ...more] }
  }
  if (isBinary(answer.bytes, mediaType))
    throw new ToolFailure(`${answer.url} is no text: ${mediaType || "of no known kind"}, ${answer.bytes.length} bytes.`)
  const text = decoded(answer.bytes, contentType)
  if (format === "html" || !isHtml(mediaType, text)) return { text: shown(text, notes), notes }
  return await readable(text, answer.url, format, notes)
}

async function readable(html: string, base: string, format: PageFormat, given: readonly string[]): Promise<WebPage> {
  const [{ treeOf }, { mainOf }, { markdownOf }] = await Promise.all([
    import("./tree.ts"),
    import("./main.ts"),
    import("./markdown.ts"),
  ])
  const { title, root, isCut, hidden } = treeOf(html)
  const notes = [...given]
  const text = shown(markdownOf(mainOf(root), { base, isMarked: format === "markdown" }), notes)
  if (isCut) notes.push("The page has more elements than are read.")
  if (hidden > 0) notes.push(`${hidden} hidden element${hidden === 1 ? " was" : "s were"} left out.`)
  if (text === "") notes.push("The page has no text without its scripts; a browser may show more.")
  return { ...(title === "" ? {} : { title: shown(title, []) }), text, notes }
}

function isHtml(mediaType: string, text: string): boolean {
  if (mediaType === "text/html" || mediaType === "application/xhtml+xml") return true
  return mediaType === "" && /^\s*(?:<!doctype html|<html|<head|<body)/i.test(text.slice(0, 500))
}

function isBinary(bytes: Uint8Array, mediaType: string): boolean {
  if (/^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript|yaml|toml)|application\/x-ndjson)/.test(mediaType))
    return bytes.subarray(0, 8_000).includes(0) && !(bytes[0] === 0xff || bytes[0] === 0xfe)
  return /^(?:audio|video|font)\//.test(mediaType) || bytes.subarray(0, 8_000).includes(0)
}

function nameOf({ url }: WebAnswer): string {
  return new URL(url).pathname
}

/** What nobody sees is how a page talks to a model behind a person's back. */
const INVISIBLE =
  /[\u{e0000}-\u{e007f}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u00ad\ufeff]|[\u{e0100}-\u{e01ef}]/gu
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g

/** Without characters that are not shown; a note says how many there were. */
function shown(text: string, notes: string[]): string {
  let count = 0
  const clean = text.replace(INVISIBLE, () => {
    count += 1
    return ""
  })
  if (count > 0) notes.push(`${count} invisible character${count === 1 ? " was" : "s were"} left out.`)
  return clean.replaceAll("\r\n", "\n").replace(CONTROL, "\ufffd").toWellFormed()
}
