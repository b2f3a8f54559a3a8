import type { Answer, EventOf } from "@skein/protocol"

type Asked = EventOf<"approval.requested">

/** What was typed at a question says. */
export type Said =
  | { readonly kind: "show" }
  | { readonly kind: "answer"; readonly fields: Fields }
  | { readonly kind: "nothing" }

/** Of `approval.answer`. */
interface Fields extends Key {
  readonly feedback?: string
}

interface Key {
  readonly answer: Answer
  readonly scope?: "session" | "project" | "user"
}

/**
 * Enter alone approves nothing, and neither does anything but the keys that were shown. `mayAllow` is false while a yes may
 * have been typed before the question could be read, or for another one.
 */
export function saidOf(typed: string, { options }: Asked, mayAllow: boolean): Said {
  if (typed.toLowerCase() === WHOLE_KEY) return { kind: "show" }
  const [word = "", ...rest] = typed.split(" ")
  const key = ANSWER_KEYS[word.toLowerCase()]
  if (key === undefined) return NOTHING
  const feedback = rest.join(" ")
  const said: Said = { kind: "answer", fields: feedback === "" ? key : { ...key, feedback } }
  if (key.answer === "reject_once") return said
  // A prompt that was on its way when the question came may begin with any letter: a yes stands alone.
  return mayAllow && rest.length === 0 && options.includes(key.answer) ? said : NOTHING
}

const NOTHING: Said = { kind: "nothing" }

/** What each key says, and for how long. */
const ANSWER_KEYS: Readonly<Record<string, Key>> = {
  y: { answer: "allow_once" },
  s: { answer: "allow_always", scope: "session" },
  p: { answer: "allow_always", scope: "project" },
  u: { answer: "allow_always", scope: "user" },
  t: { answer: "preview" },
  n: { answer: "reject_once" },
  f: { answer: "reject_once" },
}

/** Answers nothing: it shows what the question left out. */
const WHOLE_KEY = "v"
