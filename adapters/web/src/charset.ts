/** How far into a page it may say how it is written: HTML, "prescan a byte stream". */
const PRESCAN_BYTES = 1_024

/**
 * The text of bytes: by their byte order mark, what the server says, what the page says of itself, then UTF-8, and
 * Windows-1252 for what is none. Never fails: what does not fit becomes U+FFFD.
 */
export function decoded(bytes: Uint8Array, contentType: string): string {
  const label = marked(bytes) ?? charsetIn(contentType) ?? ownCharset(bytes)
  const decoder = label === undefined ? undefined : decoderFor(label)
  if (decoder !== undefined) return decoder.decode(bytes)
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return new TextDecoder(isUtf8UntilItsEnd(bytes) ? "utf-8" : "windows-1252").decode(bytes)
  }
}

/** A page that was cut may end within a character, which makes it no other writing. */
function isUtf8UntilItsEnd(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

function marked([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8"
  if (a === 0xff && b === 0xfe) return "utf-16le"
  return a === 0xfe && b === 0xff ? "utf-16be" : undefined
}

function charsetIn(text: string): string | undefined {
  return /charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(text)?.[1]
}

function ownCharset(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, PRESCAN_BYTES))
  const meta = /<meta\s[^>]*charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head)?.[1]
  const found = meta ?? /^\s*<\?xml\s[^>]*encoding\s*=\s*["']([\w.:-]{1,40})/i.exec(head)?.[1]
  // A page that can be read as bytes to find this is not written in UTF-16.
  return found !== undefined && /^utf-?16/i.test(found) ? "utf-8" : found
}

/** Undefined for a name that nobody knows. */
function decoderFor(label: string): TextDecoder | undefined {
  try {
    // Bun's types name the usual ones; its decoder knows those of the Encoding Standard.
    return new TextDecoder(label as Bun.Encoding)
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return undefined
    throw error
  }
}
