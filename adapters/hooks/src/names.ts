import { visible } from "@skein/protocol"
import type { Handler } from "./row.ts"

/** What a handler is called where it is told of: its command's first words, or its address. Secrets are taken out by the caller. */
export function nameOf(handler: Handler): string {
  if (handler.kind === "unsupported") return handler.type
  if (handler.kind === "http") return addressOf(handler.url)
  const words = typeof handler.command === "string" ? handler.command.trim().split(/\s+/) : handler.command
  // What is set before a command may be a key.
  const from = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))
  return shortened(words.slice(Math.max(0, from), Math.max(0, from) + WORDS_MAX).join(" "))
}

/** All of it that a person may want to see, on one line. */
export function detailOf(handler: Handler): string {
  if (handler.kind !== "command") return nameOf(handler)
  const line = typeof handler.command === "string" ? handler.command : handler.command.join(" ")
  return shortened(line.replaceAll(/\b([A-Za-z_]\w*)=(?!\s)(?:"[^"]*"|'[^']*'|\S+)/g, "$1=…"), DETAIL_CHARS_MAX)
}

const WORDS_MAX = 2
const NAME_CHARS_MAX = 80
const DETAIL_CHARS_MAX = 400

/** Without what it may hold of a name, a password and a query. */
function addressOf(address: string): string {
  const url = new URL(address)
  return shortened(`${url.origin}${url.pathname}`)
}

function shortened(text: string, most = NAME_CHARS_MAX): string {
  const line = visible(text.replaceAll(/\s+/g, " ").trim())
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`
}
