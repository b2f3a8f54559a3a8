/** What a key asks of a list: text joins the search. */
export type Key =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "up" | "down" | "page_up" | "page_down" | "first" | "last" | "enter" | "leave" | "erase" | "clear"
    }

/** Reads what a terminal sends when keys are pressed. A sequence that means nothing here is passed over. */
export function keysOf(bytes: string): Key[] {
  const keys: Key[] = []
  for (let left = bytes; left !== ""; ) {
    const sequence = SEQUENCE.exec(left)?.[0]
    const [taken, key] = sequence === undefined ? character(left) : [sequence, SEQUENCES[sequence.replace("O", "[")]]
    if (key !== undefined) keys.push(typeof key === "string" ? { kind: key } : key)
    left = left.slice(taken.length)
  }
  return keys
}

type Named = Exclude<Key["kind"], "text">

/** An escape, a bracket or O, parameters, and the letter that ends it. */
const SEQUENCE = /^\u001b(?:\[[0-9;?<]*[@-~]|O[A-Z])/

const SEQUENCES: Readonly<Record<string, Named>> = {
  "\u001b[A": "up",
  "\u001b[B": "down",
  "\u001b[5~": "page_up",
  "\u001b[6~": "page_down",
  "\u001b[H": "first",
  "\u001b[1~": "first",
  "\u001b[F": "last",
  "\u001b[4~": "last",
}

const CONTROLS: Readonly<Record<string, Named>> = {
  "\r": "enter",
  "\n": "enter",
  "\u001b": "leave",
  "\u0003": "leave",
  "\u0004": "leave",
  "\u0010": "up",
  "\u000e": "down",
  "\u007f": "erase",
  "\b": "erase",
  "\u0015": "clear",
  "\u0017": "clear",
}

/** A control character alone, or all the text up to the next one. */
function character(left: string): [taken: string, key: Named | Key | undefined] {
  const text = /^\P{Cc}+/u.exec(left)?.[0]
  if (text !== undefined) return [text, { kind: "text", text }]
  const [first = ""] = left
  return [first, CONTROLS[first]]
}
