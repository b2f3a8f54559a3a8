import { isReserved } from "./chips.ts"
import { nextBoundary, previousBoundary } from "./graphemes.ts"

/** What the words of emacs are made of: letters, digits, marks, and `_`. A chip is a word. */
export function wordEndAfter(text: string, from: number): number {
  let at = from
  while (at < text.length && !isWordAt(text, at)) at = nextBoundary(text, at)
  if (isChipAt(text, at)) return at + 1
  while (at < text.length && isWordAt(text, at) && !isChipAt(text, at)) at = nextBoundary(text, at)
  return at
}

/** Where the word before the caret begins. */
export function wordStartBefore(text: string, from: number): number {
  let at = from
  while (at > 0 && !isWordAt(text, previousBoundary(text, at))) at = previousBoundary(text, at)
  if (at > 0 && isChipAt(text, at - 1)) return at - 1
  while (at > 0) {
    const before = previousBoundary(text, at)
    if (!isWordAt(text, before) || isChipAt(text, before)) break
    at = before
  }
  return at
}

/** The start of what Ctrl+W takes: back to white space, as shells do. */
export function blankStartBefore(text: string, from: number): number {
  let at = from
  while (at > 0 && isBlank(text.charCodeAt(at - 1))) at--
  while (at > 0 && !isBlank(text.charCodeAt(at - 1))) at--
  return at
}

/** A space, a tab or a newline. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10
}

/** A letter of any script, a digit, `_`, an emoji or a chip. */
export function isWordAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 0x80) {
    return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
  }
  if (isReserved(code)) return true
  return /[\p{L}\p{N}\p{M}\p{Extended_Pictographic}]/u.test(String.fromCodePoint(text.codePointAt(at) ?? 0))
}

function isChipAt(text: string, at: number): boolean {
  return at < text.length && isReserved(text.charCodeAt(at))
}
