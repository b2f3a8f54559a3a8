import type { FileBytes } from "@skein/core/ports"
import { decodeText, encodeText, type TextFile } from "./text.ts"

/** A whole new content in the encoding of the file that is there, and with its line ends where it has only one kind. */
export function asBefore(before: Pick<FileBytes, "bytes">, content: string): { bytes: Uint8Array; note?: string } {
  const file = decodeText(before.bytes)
  if (file === undefined || file.raw === "") return { bytes: new TextEncoder().encode(content) }
  const lineEnd = content.includes("\r") ? "\n" : onlyLineEnd(file)
  const raw = lineEnd === "\n" ? content : content.replaceAll("\n", lineEnd)
  const isPlain = file.encoding === "utf8-damaged" || file.encoding === "windows-1252"
  const body = isPlain ? new TextEncoder().encode(raw) : encodeText(file.encoding, raw)
  const bytes = Buffer.concat([before.bytes.subarray(0, file.bomBytes), body])
  if (isPlain) return { bytes, note: "It is UTF-8 now; it was not before." }
  return lineEnd === "\n" ? { bytes } : { bytes, note: `Its ${lineEnd === "\r" ? "CR" : "CRLF"} line ends were kept.` }
}

function onlyLineEnd(file: TextFile): TextFile["lineEnd"] {
  if (file.lineEnd === "\n") return "\n"
  return file.raw.replaceAll(file.lineEnd, "").match(/[\r\n]/) === null ? file.lineEnd : "\n"
}
