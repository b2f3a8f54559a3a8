import type { Chunk } from "./tape.ts"

/** Stands where a secret was. */
export const STRIPPED = "[stripped]"

const KEY_HEADERS = [
  "authorization",
  "proxy-authorization",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "cookie",
  "x-amz-security-token",
]
const KEY_PARAMETERS =
  /^(key|api[-_]?key|access[-_]?token|token|signature|x-amz-(signature|credential|security-token))$/i
/** The only answer headers that a wire reads; accounts, organisations and cookies are in the others. */
const KEPT_HEADERS = [
  "content-type",
  "retry-after",
  "retry-after-ms",
  "request-id",
  "x-request-id",
  "x-should-retry",
  "x-amzn-requestid",
  "x-amzn-errortype",
]

/** The secrets a request carries in its headers and address. They are taken out of every body as well. */
export function secretsOf(url: URL, headers: Headers): readonly string[] {
  const found: string[] = []
  for (const name of KEY_HEADERS) {
    const value = headers.get(name)
    if (value !== null) found.push(value, value.replace(/^(Bearer|Basic)\s+/i, ""))
  }
  for (const [name, value] of url.searchParams) if (KEY_PARAMETERS.test(name)) found.push(value)
  return found.filter(isSecret)
}

/** Shorter values are words, not keys: taking them out would only tear the text. */
export function isSecret(value: string): boolean {
  return value.length >= 8
}

/** Path and query of an address without its key parameters. */
export function pathOf(url: URL): string {
  const kept = [...url.searchParams].filter(([name]) => !KEY_PARAMETERS.test(name))
  const query = new URLSearchParams(kept).toString()
  return query === "" ? url.pathname : `${url.pathname}?${query}`
}

export function cleanHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    const value = headers.get(name)
    if (value !== null) kept[name] = value
  }
  return kept
}

/** The text without any of the secrets, in their plain and their URL-encoded form. */
export function cleanText(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    clean = clean.replaceAll(secret, STRIPPED)
    const encoded = encodeURIComponent(secret)
    if (encoded !== secret) clean = clean.replaceAll(encoded, STRIPPED)
  }
  return clean
}

/**
 * Chunks as they go on the tape: text where the bytes are UTF-8 by themselves, and no secret, also none that two chunks
 * share. Only then are the chunks joined, and their boundaries lost.
 */
export function cleanChunks(
  chunks: readonly { atMs: number; bytes: Uint8Array }[],
  secrets: readonly string[],
): Chunk[] {
  const whole = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString("latin1")
  const inside = secrets.filter((secret) => cleanText(whole, [secret]) !== whole)
  if (inside.length === 0) return chunks.map(({ atMs, bytes }) => chunkOf(atMs, bytes))
  const clean = chunks.map(({ atMs, bytes }) =>
    chunkOf(atMs, latin(cleanText(Buffer.from(bytes).toString("latin1"), inside))),
  )
  const joined = Buffer.concat(
    chunks.map(({ bytes }) => latin(cleanText(Buffer.from(bytes).toString("latin1"), inside))),
  ).toString("latin1")
  if (cleanText(joined, inside) === joined) return clean
  return [chunkOf(chunks[0]?.atMs ?? 0, latin(cleanText(whole, inside)))]
}

function latin(text: string): Uint8Array {
  return Buffer.from(text, "latin1")
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

function chunkOf(atMs: number, bytes: Uint8Array): Chunk {
  try {
    return { atMs, text: strict.decode(bytes) }
  } catch {
    // A chunk may end inside a character; the bytes are kept as they came.
    return { atMs, base64: Buffer.from(bytes).toString("base64") }
  }
}
