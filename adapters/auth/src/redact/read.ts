import { isPlaceholder, isSecretVariable } from "@skein/protocol/secrets"

/** A secret as it stands in a file of secrets. */
export interface NamedSecret {
  readonly name: string
  readonly value: string
}

/**
 * The secrets of a file that holds such: of an environment file, a key, JSON, what npm, netrc and git keep. So they are
 * known wherever they turn up: in a copy, in what git has of them. Settings that are none (`PORT=3000`) are left out.
 */
export function secretsIn(text: string, fileName: string): readonly NamedSecret[] {
  const named = inJson(text) ?? assigned(text)
  const found = [...named, ...spoken(text), ...inAddresses(text), ...keyLines(text, fileName)]
  return found.filter(({ value }) => value.length >= VALUE_CHARS_MIN).slice(0, SECRETS_MAX)
}

const VALUE_CHARS_MIN = 8
const SECRETS_MAX = 500

/** Undefined when it is no JSON. */
function inJson(text: string): readonly NamedSecret[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  const found: NamedSecret[] = []
  const walk = (value: unknown, name: string): void => {
    if (typeof value === "string") {
      if (isSecretValue(name, value) || value.includes("PRIVATE KEY")) found.push({ name, value })
    } else if (typeof value === "object" && value !== null) {
      for (const [inner, one] of Object.entries(value)) walk(one, Array.isArray(value) ? name : inner)
    }
  }
  try {
    walk(JSON.parse(text), "")
    return found
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** `NAME=value`, `name: value`, `"name": "value"`, `//registry/:_authToken=value`, a line each. */
function* assigned(text: string): Generator<NamedSecret> {
  for (const line of text.split(/\r?\n|(?<=["\d\w]),/)) {
    const match = ASSIGNED.exec(line.slice(0, LINE_CHARS_MAX).trim())
    if (match === null) continue
    const [, name = "", rest = ""] = match
    const value = unquoted(rest)
    if (isSecretValue(name, value)) yield { name, value }
  }
}

/** Begins where a name does, so that a long line takes time by its length. */
const ASSIGNED = /(?<![\w.-])([\w.-]{1,200})["']?\s{0,9}[=:]\s{0,9}(.+)$/
const LINE_CHARS_MAX = 10_000

function unquoted(text: string): string {
  const quoted = /^(["'`])(.*?)\1/.exec(text)
  if (quoted !== null) return quoted[2] ?? ""
  return text
    .replace(/\s+#.*$/, "")
    .replace(/[\s,;}]+$/, "")
    .trim()
}

/** By its name or by its look: neither is sure, and hiding an ordinary word would tear every text that holds it. */
function isSecretValue(name: string, value: string): boolean {
  if (isPlaceholder(value) || /^[./~]/.test(value) || /\s/.test(value)) return false
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return /:\/\/[^/\s@]*:[^/\s@]+@/.test(value)
  if (isSecretVariable(name.replaceAll("-", "_"), value)) return true
  return !ORDINARY.some((ordinary) => ordinary.test(value))
}

/** Numbers and times; words; words with a number behind (`us-east-1`); hosts and versions; mail addresses. */
const ORDINARY: readonly RegExp[] = [
  /^[\d.,:_TZ+-]*$/,
  /^[A-Za-z][A-Za-z_-]{0,20}$/,
  /^[a-z]+(?:[-_][a-z]+)*[-_]?\d{1,3}$/i,
  /^[a-z][a-z-]*\d{0,3}(?:\.[a-z][a-z-]*\d{0,3})*(?::\d{1,5})?$/,
  /^v?\d+\.\d+[\w.+-]{0,20}$/,
  /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/,
]

/** As netrc writes it. */
function* spoken(text: string): Generator<NamedSecret> {
  for (const [, name = "", value = ""] of text.matchAll(/\b(password|passwd|account)\s+(\S{4,})/g))
    yield { name, value }
}

/** The password in an address is one by itself too. */
function* inAddresses(text: string): Generator<NamedSecret> {
  for (const [, value = ""] of text.matchAll(/:\/\/[^/\s@:"']*:([^/\s@"']+)@/g))
    if (!isPlaceholder(value)) yield { name: "password", value }
}

/** Each line of a key's body: whoever prints one prints it with something before it. */
function* keyLines(text: string, fileName: string): Generator<NamedSecret> {
  if (!text.includes("PRIVATE KEY")) return
  for (const line of text.split(/\r?\n/)) if (/^[A-Za-z0-9+/=]{24,}$/.test(line)) yield { name: fileName, value: line }
}
