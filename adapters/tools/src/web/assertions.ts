import type { WebAnswer } from "@skein/core/ports"

export interface Assertion {
  readonly of: "status" | "header" | "json" | "body" | "duration"
  /** The header's name, or the path in the JSON. */
  readonly at?: string | undefined
  readonly equals?: unknown
  readonly contains?: string | undefined
  readonly exists?: boolean | undefined
  readonly atMost?: number | undefined
}

export interface Judged {
  readonly isMet: boolean
  /** `status is 404, not 200`. */
  readonly text: string
}

type Answered = Pick<WebAnswer, "status" | "headers" | "durationMs"> & { readonly content: string }

/** Holds one assertion to an answer: all that it says has to be so. */
export function judged(assertion: Assertion, answer: Answered): Judged {
  const { of, at, equals, contains, exists, atMost } = assertion
  const name = at === undefined ? of : `${of} ${at}`
  const found = wantedOf(assertion, answer)
  if ("defect" in found) return { isMet: false, text: `${name}: ${found.defect}` }
  const { value } = found
  const checks: (Judged | undefined)[] = [
    exists === undefined
      ? undefined
      : {
          isMet: (value !== undefined) === exists,
          text: `${name} ${value === undefined ? "does not exist" : "exists"}`,
        },
    equals === undefined ? undefined : equal(name, value, equals),
    contains === undefined ? undefined : holds(name, value, contains),
    atMost === undefined
      ? undefined
      : {
          isMet: typeof value === "number" && value <= atMost,
          text: `${name} is ${shown(value)}, at most ${atMost} wanted`,
        },
  ]
  const said = checks.filter((check) => check !== undefined)
  return { isMet: said.every(({ isMet }) => isMet), text: said.map(({ text }) => text).join("; ") }
}

function equal(name: string, value: unknown, wanted: unknown): Judged {
  const isMet =
    // Of several statuses any will do; a header is text, whatever it was compared with.
    (name === "status" && Array.isArray(wanted) && wanted.includes(value)) ||
    (typeof value === "string" && name.startsWith("header") && value === String(wanted)) ||
    Bun.deepEquals(value, wanted, true)
  return { isMet, text: isMet ? `${name} is ${shown(value)}` : `${name} is ${shown(value)}, not ${shown(wanted)}` }
}

function holds(name: string, value: unknown, wanted: string): Judged {
  const isMet = Array.isArray(value)
    ? value.some((each) => each === wanted)
    : typeof value === "string" && value.includes(wanted)
  return { isMet, text: `${name} ${isMet ? "contains" : "does not contain"} ${shown(wanted)}` }
}

type Value = { readonly value: unknown } | { readonly defect: string }

function wantedOf({ of, at = "" }: Assertion, { status, headers, durationMs, content }: Answered): Value {
  switch (of) {
    case "status":
      return { value: status }
    case "duration":
      return { value: durationMs }
    case "header":
      return { value: headers[at.toLowerCase()] }
    case "body":
      return { value: content }
    case "json":
      return jsonAt(content, at)
  }
}

function jsonAt(content: string, path: string): Value {
  try {
    return { value: atPath(JSON.parse(content), path) }
  } catch (error) {
    if (error instanceof SyntaxError) return { defect: "the body is no JSON" }
    throw error
  }
}

/** `data.items[0].id`, `$.data["a b"]`; the root for an empty path. Undefined for what is not there. */
function atPath(root: unknown, path: string): unknown {
  const steps = [...path.replace(/^\$\.?/, "").matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)]
  let value = root
  for (const [, index, quoted, name] of steps) {
    const key = index ?? quoted ?? name ?? ""
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

const SHOWN_CHARS_MAX = 200

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value)
  return text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text
}
