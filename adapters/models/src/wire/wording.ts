import { KEY_CHARS_MIN } from "@skein/protocol/secrets"
import type { Target } from "./wire.ts"

/** What a person may see of a provider's text: one bounded line without control characters and without the key. */
export function shown(text: string, target: Target): string {
  const bare = target.key ? withoutPieces(withoutSecret(text, target.key), target.key) : text
  const line = bare.replace(/[\p{Cc}\s]+/gu, " ").trim()
  return line.length > 600 ? `${line.slice(0, 600)}…` : line
}

/** The text without a key, or whatever else is sent and no one's to see. */
export function withoutSecret(text: string, secret: string): string {
  return secret.length < KEY_CHARS_MIN ? text : text.replaceAll(secret, "[key]")
}

/** Providers echo a wrong key cut short: its head is left out as far as it goes. A few characters of it tell keys apart. */
function withoutPieces(text: string, key: string): string {
  const head = key.slice(0, PIECE_CHARS_MIN)
  if (key.length <= PIECE_CHARS_MIN || !text.includes(head)) return text
  const [first = "", ...pieces] = text.split(head)
  return first + pieces.map((piece) => `[key]${piece.slice(sharedLength(piece, key.slice(head.length)))}`).join("")
}

const PIECE_CHARS_MIN = 12

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}

/** `Anthropic (api.anthropic.com)`; the name alone of what has no address. */
export function whoIs(target: Target): string {
  if (target.baseUrl === "") return target.provider.name
  return `${target.provider.name} (${hostOf(target.baseUrl)})`
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl
}

/** A cause is printed and recorded too, so one that holds the key is left out. */
export function withoutKey(cause: unknown, target: Target): unknown {
  const hasKey = target.key !== undefined && target.key.length >= KEY_CHARS_MIN && String(cause).includes(target.key)
  return hasKey ? undefined : cause
}
