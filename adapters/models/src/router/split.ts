import { FORMS } from "./forms.ts"

/** What of a text may be shown now, and whether the rest may be a call. */
export interface Split {
  readonly shown: string
  readonly held: string
  /** The rest begins as a call does: all of it waits for the end of the reply, unlooked at. */
  readonly isCall: boolean
}

/**
 * Parts a text that streams where a call may begin. `isStart`: nothing of the item was shown yet, so that a call may also
 * begin as bare JSON or in a fence.
 */
export function split(text: string, isStart: boolean): Split {
  if (isStart) {
    const start = asStart(text)
    if (start !== undefined) return { shown: "", held: text, isCall: start === "call" }
  }
  const open = text.search(OPENING)
  // Blanks wait too: those before a call are not the text's.
  const cut = text.slice(0, open >= 0 ? open : text.length - tailOf(text)).trimEnd().length
  if (open >= 0) return { shown: text.slice(0, cut), held: text.slice(cut), isCall: true }
  return { shown: text.slice(0, cut), held: text.slice(cut), isCall: false }
}

const SIGNS = FORMS.flatMap(({ opens }) => opens)
const OPENING = new RegExp(SIGNS.map((sign) => RegExp.escape(sign)).join("|"))
const SIGN_CHARS_MAX = Math.max(...SIGNS.map((sign) => sign.length))

/** How many characters at the end could be the beginning of a sign. */
function tailOf(text: string): number {
  const from = Math.max(0, text.length - SIGN_CHARS_MAX + 1)
  for (let at = from; at < text.length; at++) {
    const first = text[at]
    if (first !== "<" && first !== "[") continue
    const tail = text.slice(at)
    if (SIGNS.some((sign) => sign.startsWith(tail))) return tail.length
  }
  return 0
}

const FIRST_KEY =
  /^\s*(?:```(?:json|tool_call|tool_code)?\s*)?(?:\[\s*)?\{\s*"(?:name|function|type|id|tool|tool_name|arguments|parameters)"/
/** All that such a beginning can be before its first key is whole. */
const BEGINNING =
  /^\s*(?:`{1,2}|```[a-z_]{0,10}\s*(?:\[\s*)?(?:\{\s*(?:"\w{0,10})?)?|\[\s*(?:\{\s*(?:"\w{0,10})?)?|\{\s*(?:"\w{0,10})?)?$/

function asStart(text: string): "call" | "maybe" | undefined {
  if (FIRST_KEY.test(text)) return "call"
  return BEGINNING.test(text) ? "maybe" : undefined
}
