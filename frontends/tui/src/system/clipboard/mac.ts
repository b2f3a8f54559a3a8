import type { Machine } from "../machine.ts"
import type { Argv } from "../programs.ts"
import type { Pasted } from "../system.ts"
import { pastedImage } from "./offered.ts"

/** A Mac, by what it has itself; pngpaste, where there is one, is the quicker way to an image. */
export async function macClipboard({ programs }: Machine): Promise<Pasted | undefined> {
  const run = async (...argv: Argv) => {
    const ran = await programs.run(argv, { timeoutMs: TIMEOUT_MS, bytesMax: BYTES_MAX })
    return ran?.exitCode === 0 ? ran.out : undefined
  }
  const script = async (...lines: readonly string[]) => run("osascript", ...lines.flatMap((line) => ["-e", line]))
  const kinds = textOf(await script("clipboard info"))
  if (kinds.includes("furl")) {
    const paths = textOf(await script(...FILES)).split("\n")
    const known = paths.filter((path) => path.startsWith("/"))
    if (known.length > 0) return { kind: "files", paths: known }
  }
  const text = textOf(await run("pbpaste"))
  if (text !== "") return { kind: "text", text }
  if (!/PNGf|TIFF|JPEG|GIF/.test(kinds)) return { kind: "nothing", why: "The clipboard is empty." }
  return pastedImage((await run("pngpaste", "-")) ?? hexOf(textOf(await script("get the clipboard as «class PNGf»"))))
}

const TIMEOUT_MS = 5_000
/** Of hexadecimal digits. */
const BYTES_MAX = 64 * 1024 * 1024

/** All of them, where Finder copied several; a clipboard of one is no list. */
const FILES = [
  'use framework "AppKit"',
  "set found to current application's NSPasteboard's generalPasteboard()'s readObjectsForClasses:{current application's NSURL} options:(missing value)",
  'set said to ""',
  "repeat with one in found",
  "set said to said & ((one's |path|()) as text) & linefeed",
  "end repeat",
  "return said",
]

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : new TextDecoder().decode(bytes)
}

/** `«data PNGf89504E47…»` */
function hexOf(said: string): Uint8Array | undefined {
  const digits = /PNGf([0-9A-F]+)/i.exec(said)?.[1]
  return digits === undefined ? undefined : Buffer.from(digits, "hex")
}
