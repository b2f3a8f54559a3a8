/** One thing a program writes to a terminal. */
export type Sequence =
  /** Printable characters. */
  | { readonly kind: "text"; readonly text: string }
  /** One control character. */
  | { readonly kind: "control"; readonly code: string }
  /** `ESC [ prefix parameters intermediates final`. An empty parameter is 0; `raw` keeps colons. */
  | {
      readonly kind: "csi"
      readonly prefix: string
      readonly parameters: readonly number[]
      readonly raw: string
      readonly intermediates: string
      readonly final: string
    }
  /** `ESC ] number ; text`. */
  | { readonly kind: "osc"; readonly number: number; readonly text: string }
  /** DCS (`P`), APC (`_`), PM (`^`), SOS (`X`) with what is inside. */
  | { readonly kind: "string"; readonly opener: string; readonly text: string }
  /** Two characters, or three: `ESC 7`, `ESC ( B`. */
  | { readonly kind: "escape"; readonly text: string }

/** Takes bytes as they come; a sequence that is cut in two is read when its rest is there. */
export interface SequenceReader {
  /** What the bytes complete; a sequence that is not whole yet waits for the next call. */
  read(bytes: Uint8Array): Sequence[]
}

const ESC = 0x1b
const BEL = 0x07
/** Longest unfinished sequence that is waited for; more is somebody's noise and is dropped. */
const PENDING_MAX = 1_000_000

/** Takes bytes apart as a terminal does, so that what was written can be carried out, counted and judged. */
export function sequenceReader(): SequenceReader {
  const decoder = new TextDecoder()
  let pending = ""
  return {
    read(bytes) {
      const text = pending + decoder.decode(bytes, { stream: true })
      const found: Sequence[] = []
      let at = 0
      while (at < text.length) {
        const end = next(text, at, found)
        if (end === undefined) break
        at = end
      }
      pending = text.length - at > PENDING_MAX ? "" : text.slice(at)
      return found
    },
  }
}

/** Where the sequence that begins at `at` ends; nothing when it does not end in this text. */
function next(text: string, at: number, found: Sequence[]): number | undefined {
  const code = text.charCodeAt(at)
  if (code === ESC) return escaped(text, at, found)
  if (isControl(code)) {
    found.push({ kind: "control", code: text.charAt(at) })
    return at + 1
  }
  let end = at + 1
  while (end < text.length && !isControl(text.charCodeAt(end))) end++
  found.push({ kind: "text", text: text.slice(at, end) })
  return end
}

function escaped(text: string, at: number, found: Sequence[]): number | undefined {
  const second = text.charAt(at + 1)
  switch (second) {
    case "":
      return undefined
    case "[":
      return controlSequence(text, at, found)
    case "]":
    case "P":
    case "_":
    case "^":
    case "X":
      return enclosed(text, at, second, found)
    default: {
      const length = second >= " " && second <= "/" ? 3 : 2
      if (text.length < at + length) return undefined
      found.push({ kind: "escape", text: text.slice(at + 1, at + length) })
      return at + length
    }
  }
}

function controlSequence(text: string, at: number, found: Sequence[]): number | undefined {
  let end = at + 2
  while (end < text.length && text.charCodeAt(end) >= 0x20 && text.charCodeAt(end) <= 0x3f) end++
  if (end >= text.length) return undefined
  const body = text.slice(at + 2, end)
  const prefix = body.charAt(0) >= "<" && body.charAt(0) <= "?" ? body.charAt(0) : ""
  let last = body.length
  while (last > 0 && body.charAt(last - 1) <= "/") last--
  const raw = body.slice(prefix.length, last)
  const parameters = raw === "" ? [] : raw.split(";").map((part) => Number.parseInt(part, 10) || 0)
  const intermediates = body.slice(last)
  found.push({ kind: "csi", prefix, parameters, raw, intermediates, final: text.charAt(end) })
  return end + 1
}

/** Up to `ESC \`, an OSC also up to BEL. */
function enclosed(text: string, at: number, opener: string, found: Sequence[]): number | undefined {
  for (let end = at + 2; end < text.length; end++) {
    const code = text.charCodeAt(end)
    const isBell = opener === "]" && code === BEL
    if (!isBell && code !== ESC) continue
    if (!isBell && end + 1 >= text.length) return undefined
    const inside = text.slice(at + 2, end)
    if (opener === "]") found.push({ kind: "osc", ...numbered(inside) })
    else found.push({ kind: "string", opener, text: inside })
    // An ESC that does not close it begins something else.
    return isBell ? end + 1 : text.charAt(end + 1) === "\\" ? end + 2 : end
  }
  return undefined
}

function numbered(inside: string): { readonly number: number; readonly text: string } {
  const mark = inside.indexOf(";")
  if (mark < 0) return { number: Number.parseInt(inside, 10), text: "" }
  return { number: Number.parseInt(inside.slice(0, mark), 10), text: inside.slice(mark + 1) }
}

function isControl(code: number): boolean {
  return code < 0x20 || code === 0x7f
}
