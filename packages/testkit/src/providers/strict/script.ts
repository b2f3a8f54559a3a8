import type { Spoken } from "./spoken.ts"

/** What a person says, what the model answers to it step by step, and what its calls give. */
export interface ScriptTurn {
  readonly says: string
  /** A picture beside the words. */
  readonly hasPicture?: boolean
  /** The last of them asks for nothing. */
  readonly steps: readonly Spoken[]
  /** Added to the results of the first step, as when a person speaks while tools run. */
  readonly beside?: string
}

const read = (path: string) => ({ name: "read", args: { path } })
const list = { name: "list", args: {} }
const fails = { name: "fails", args: { why: "it is not there" } }
const looks = { name: "looks", args: { path: "picture.png" } }
const silent = { name: "silent", args: {} }
const TRICKY = `é "q" \\ 🧵\u{1f600} שלום \u0000 \u2028 </script>`

/** Twenty turns with whatever a conversation can hold, over and over. */
export const TWENTY_TURNS: readonly ScriptTurn[] = Array.from({ length: 20 }, (_, at): ScriptTurn => {
  const says = `question ${at}`
  const done = { text: `Answer ${at}.` }
  const turns: readonly ScriptTurn[] = [
    { says, steps: [{ text: "Both at once.", calls: [read(`a${at}`), list, read(`b${at}`)] }, done] },
    { says, steps: [{ calls: [fails] }, { text: "Not there; again.", calls: [fails, list] }, done] },
    { says, hasPicture: true, steps: [{ text: "I see it.", calls: [looks] }, done] },
    { says: `${TRICKY} ${at} \ud83e`, steps: [{ text: TRICKY, calls: [read(TRICKY)] }, { text: `${TRICKY} ${at}` }] },
    {
      says,
      steps: [{ text: "Reading.", calls: [read("cut")], isCut: true }, { calls: [silent, read("whole")] }, done],
    },
    { says, beside: `by the way ${at}`, steps: [{ text: " ", calls: [list] }, { calls: [list] }, done] },
    { says, steps: [done] },
  ]
  return turns[at % turns.length] ?? { says, steps: [done] }
})

/** A one-pixel PNG in base64. */
export const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
