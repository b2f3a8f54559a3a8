import type { ModelChunk } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { cutOff } from "../wire/cut.ts"
import { asArray, asNumber, asText } from "../wire/json.ts"
import { refused } from "../wire/refusals.ts"
import type { Target } from "../wire/wire.ts"
import { shown, whoIs } from "../wire/wording.ts"

/** Reads one reply of the site: lines of JSON with their lengths between them. */
export interface WebReply {
  feed(bytes: Uint8Array): readonly ModelChunk[]
  /** Throws SkeinError `provider.stream_cut` when the end did not come. */
  end(): readonly ModelChunk[]
}

const LINE_CHARS_MAX = 8_000_000

export function webReply(target: Target): WebReply {
  const decoder = new TextDecoder()
  let rest = ""
  let said = ""
  let isWhole = false

  function line(text: string): readonly ModelChunk[] {
    // Lengths, the guard at the start, and empty lines.
    if (!text.startsWith("[")) return []
    return asArray(parsed(text, target)).flatMap((part) => {
      const [kind, , payload] = asArray(part)
      if (kind === "e") isWhole = true
      const failure = errorNumber(part)
      if (failure !== undefined) throw failed(failure, target)
      return kind === "wrb.fr" && typeof payload === "string" ? grew(textIn(parsed(payload, target))) : []
    })
  }
  /** Each part has all of the text so far. What was said before cannot be taken back: it goes on from there. */
  function grew(text: string): readonly ModelChunk[] {
    if (text.length <= said.length) return []
    const more = text.slice(said.length)
    said = text
    return [{ type: "text", index: 0, text: more }]
  }

  return {
    feed(bytes) {
      rest += decoder.decode(bytes, { stream: true })
      if (rest.length > LINE_CHARS_MAX) throw strange(rest, target)
      const lines = rest.split("\n")
      rest = lines.pop() ?? ""
      return lines.flatMap((text) => line(text.trim()))
    },
    end() {
      // The last line lacks its end where it was cut, and at times where it was not.
      const chunks = isWhole || !isJson(rest) ? [] : line(rest.trim())
      if (!isWhole) throw cutOff(target)
      const ended: ModelChunk[] = said === "" ? [] : [{ type: "item_end", index: 0 }]
      return [...chunks, ...ended, { type: "stop", reason: "end" }]
    },
  }
}

/** The first candidate's text. */
function textIn(body: unknown): string {
  const candidate = asArray(asArray(asArray(body)[4])[0])
  return asText(asArray(candidate[1])[0])
}

/** `["wrb.fr", null, null, null, null, [3, null, [["….BardErrorInfo", [1037]]]]]` */
function errorNumber(part: unknown): number | undefined {
  const detail = asArray(asArray(asArray(asArray(part)[5])[2])[0])
  return asNumber(asArray(detail[1])[0])
}

/** The numbers are the site's own; nobody has documented them. */
function failed(number: number, target: Target): SkeinError {
  const words: Readonly<Record<number, { kind: string; message: string }>> = {
    1037: { kind: "insufficient_quota", message: "the account's limit is used up" },
    1060: { kind: "rate_limit", message: "this machine asks too often" },
  }
  const known = words[number] ?? { kind: "server_error", message: `error ${number}` }
  return refused(known, target)
}

function parsed(text: string, target: Target): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Another site, or a page of this one.
    throw strange(text, target)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function strange(text: string, target: Target): SkeinError {
  const start = shown(text.slice(0, 2000), target).slice(0, 80)
  return new SkeinError("provider.protocol", `${whoIs(target)} sent a line that is no JSON, starting with: ${start}`)
}
