import { visible } from "@skein/protocol"
import { KEY_CHARS_MIN } from "@skein/protocol/secrets"

/** What a server says, for showing: without secrets, with what hides in it made visible, and no longer than this. */
export type Say = (text: string, charsMax?: number) => string

const CHARS_MAX = 500

export function saying(secrets: readonly string[]): Say {
  const longestFirst = [...new Set(secrets)]
    .filter(({ length }) => length >= KEY_CHARS_MIN)
    .sort((one, other) => other.length - one.length)
  return (text, charsMax = CHARS_MAX) => {
    const open = longestFirst.reduce((said, secret) => said.replaceAll(secret, "[secret]"), text)
    const shown = visible(open.slice(0, charsMax * 2)).trim()
    return shown.length > charsMax ? `${shown.slice(0, charsMax)}…` : shown
  }
}
