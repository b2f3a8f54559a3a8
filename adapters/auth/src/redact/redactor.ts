import { lazy } from "@skein/protocol"
import {
  environmentLine,
  isPlaceholder,
  isSecretVariable,
  type SecretShape,
  secretMark,
  secretShapes,
} from "@skein/protocol/secrets"
import { LITERAL_CHARS_MIN, literals } from "./literals.ts"
import { secretsQuoted } from "./told.ts"

/** Takes secrets out of texts: those it was told of, however they are spelled, and what has the shape of one. */
export interface Redactor {
  /** The text with `[secret: NAME]` for each; the same text when there is none. Below a millisecond for 30 kB. */
  redact(text: string): string
  /** From now on this value is one. Not below eight characters, and none that only stands where a secret goes. */
  know(name: string, value: string): void
  /** From now on this value is none, whatever it looks like: the person said that it may be seen. */
  allow(value: string): void
}

/** `env`: the person's environment, whose secrets are known from the start. */
export function redactor(env: Readonly<Record<string, string | undefined>>): Redactor {
  const known = literals()
  const values = new Map<string, string>()
  const allowed = new Set<string>()
  const know = (name: string, value: string) => {
    if (value.length < LITERAL_CHARS_MIN || isPlaceholder(value) || values.has(value)) return
    values.set(value, name)
    for (const spelled of spellingsOf(value)) known.add(spelled, secretMark(name))
  }
  for (const [name, value = ""] of Object.entries(env))
    if (isSecretVariable(name, value) && !isOrdinary(value)) know(name, value)
  return {
    know,
    allow(value) {
      allowed.add(value)
      allowed.add(byteForByte(value))
    },
    redact(text) {
      if (text.length < LITERAL_CHARS_MIN) return text
      for (const { name, value } of secretsQuoted(text)) know(name, value)
      let left = allowed.size === 0 ? known.replace(text) : exceptAllowed(text, known.replace, allowed)
      const small = left.toLowerCase()
      for (const shape of sureShapes()) {
        if (shape.hints?.some((hint) => small.includes(hint)) !== false) left = withoutShape(left, shape, allowed)
      }
      return left
    },
  }
}

/** The others match code that is no secret: a text that is to be worked with must stay what it is. */
const sureShapes = lazy((): readonly SecretShape[] => [
  ...secretShapes().filter(({ hints }) => hints !== undefined),
  environmentLine(),
])

/** Values that stand for themselves: a path, a word. Names alone say too little of them. */
function isOrdinary(value: string): boolean {
  return /^[./~]/.test(value) || /^[A-Za-z]{1,12}$/.test(value)
}

function withoutShape(text: string, { kind, pattern }: SecretShape, allowed: ReadonlySet<string>): string {
  return text.replace(pattern, (...match: unknown[]) => {
    const whole = String(match[0])
    const last = match.at(-1)
    const groups = typeof last === "object" && last !== null ? (last as Partial<Record<string, string>>) : {}
    const { before = "", after = "", name = kind } = groups
    const value = whole.slice(before.length, whole.length - after.length)
    if (kind === "url_credentials") return `${before}${withoutPassword(value, allowed)}${after}`
    if (isPlaceholder(value) || allowed.has(value)) return whole
    return `${before}${secretMark(name)}${after}`
  })
}

/** `user:password`, as it stands in an address. One that is no secret to anybody stays: the user's own name, a word. */
function withoutPassword(credentials: string, allowed: ReadonlySet<string>): string {
  const colon = credentials.indexOf(":")
  const [user, password] = [credentials.slice(0, colon), credentials.slice(colon + 1)]
  const isKnown = isPlaceholder(password) || password === user || password.length < 4 || allowed.has(password)
  return isKnown ? credentials : `${user}:${secretMark("password")}`
}

/** Pieces that may be seen stand as they are, and what is between them is looked through. */
function exceptAllowed(text: string, replace: (text: string) => string, allowed: ReadonlySet<string>): string {
  const first = [...allowed].find((value) => value.length >= LITERAL_CHARS_MIN && text.includes(value))
  if (first === undefined) return replace(text)
  return text
    .split(first)
    .map((piece) => exceptAllowed(piece, replace, allowed))
    .join(first)
}

/** As bytes are read that may be no text: a character for each. */
function byteForByte(value: string): string {
  return Buffer.from(value).toString("latin1")
}

/**
 * A value as it is, as JSON and addresses write it, in bytes, in hexadecimal, and in base64 wherever in a longer text it
 * begins. One of several lines is known by each of them too: they are printed with numbers and signs before them.
 */
function spellingsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  const inBase64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "")
    // Its first and last characters hold bits of what stands around it.
    return text.slice(offset === 0 ? 0 : offset + 1, (bytes.length + offset) % 3 === 0 ? undefined : -1)
  })
  const lines = value.includes("\n") ? value.split(/\r?\n/).filter((line) => line.length >= LINE_CHARS_MIN) : []
  return [
    value,
    byteForByte(value),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    bytes.toString("hex"),
    ...inBase64.filter((text) => text.length >= BASE64_CHARS_MIN),
    ...lines,
    ...lines.map(byteForByte),
  ]
}

const LINE_CHARS_MIN = 16
const BASE64_CHARS_MIN = 10
