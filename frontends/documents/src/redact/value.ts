import type { RedactionReport } from "./kinds.ts"
import { type RedactionFacts, redactor } from "./redactor.ts"

/** Fields whose values are ours: kinds, states, ids. A name must not be taken out of them. */
const OURS: ReadonlySet<string> = new Set([
  ..."kind type state status code level placement cause source toolKind outcome stop mode sandbox effort mediaType".split(
    " ",
  ),
  ..."sessionId turnId inputId itemId callId approvalId id sha256 digest".split(" "),
])
/** Opaque to us, so nobody can say what is in it. */
const DROPPED: ReadonlySet<string> = new Set(["providerData"])

/**
 * The same view, or events, with secrets taken out of every text, keys of inputs included, and how many of each kind.
 * What only a provider can read is left out whole. Pictures stay: nobody can tell what they show.
 */
export function redacted<T>(value: T, facts: RedactionFacts): { readonly value: T; readonly report: RedactionReport } {
  const { text, report } = redactor(facts)
  const walk = (entry: unknown, key: string, isOurs: boolean): unknown => {
    if (typeof entry === "string") return isOurs && OURS.has(key) ? entry : text(entry)
    if (Array.isArray(entry)) return entry.map((one) => walk(one, key, isOurs))
    if (typeof entry !== "object" || entry === null) return entry
    const isImage = isOurs && "type" in entry && entry.type === "image"
    const pairs = Object.entries(entry).flatMap(([name, inner]): [string, unknown][] => {
      if (isOurs && DROPPED.has(name)) return []
      if (isImage && name === "data") return [[name, inner]]
      // Below an input all names are the tool's or the model's.
      return [
        [
          isOurs ? name : text(name),
          walk(inner, name, isOurs && name !== "input" && name !== "schema" ? true : isOurs && isParts(inner)),
        ],
      ]
    })
    return Object.fromEntries(pairs)
  }
  // The walk changes texts alone, so the shape stays.
  return { value: walk(value, "", true) as T, report: report() }
}

/** The person's input is a list of parts of ours; that of a call is anything. */
function isParts(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((part) => typeof part === "object" && part !== null && (part.type === "text" || part.type === "image"))
  )
}
