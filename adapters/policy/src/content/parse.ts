/** A pattern as a tree. What it matches is found without going back, so every part of it is regular. */
export type Node =
  | { readonly kind: "one"; readonly isIn: (code: number) => boolean }
  | { readonly kind: "edge"; readonly edge: Edge }
  | { readonly kind: "all"; readonly parts: readonly Node[] }
  | { readonly kind: "any"; readonly choices: readonly Node[] }
  | { readonly kind: "repeat"; readonly part: Node; readonly least: number; readonly most: number }
/** `start` and `end` are of a line. */
export type Edge = "start" | "end" | "word" | "no_word"

const REPEAT_MAX = 1_000

/**
 * Reads a regular expression: characters, classes, groups, choices, repeats, `^` and `$` of a line, `\b`, and in front
 * `(?i)` and `(?s)`. What would need going back (backreferences, looking around) is none of it. Throws SyntaxError.
 */
export function parsePattern(pattern: string): Node {
  const [, flags = ""] = /^\(\?([is]+)\)/.exec(pattern) ?? []
  const text = flags === "" ? pattern : pattern.slice(flags.length + 3)
  return new Parser(text, flags.includes("i"), flags.includes("s")).whole()
}

class Parser {
  readonly #signs: readonly string[]
  readonly #isFolded: boolean
  readonly #dotIsAll: boolean
  #at = 0

  constructor(text: string, isFolded: boolean, dotIsAll: boolean) {
    this.#signs = [...text]
    this.#isFolded = isFolded
    this.#dotIsAll = dotIsAll
  }

  whole(): Node {
    const node = this.#choices()
    if (this.#at < this.#signs.length) throw new SyntaxError("a parenthesis is closed that was not opened")
    return node
  }

  #choices(): Node {
    const choices = [this.#sequence()]
    while (this.#took("|")) choices.push(this.#sequence())
    const [only] = choices
    return choices.length === 1 && only !== undefined ? only : { kind: "any", choices }
  }

  #sequence(): Node {
    const parts: Node[] = []
    for (let sign = this.#sign; sign !== undefined && sign !== "|" && sign !== ")"; sign = this.#sign)
      parts.push(this.#repeated(this.#atom()))
    return { kind: "all", parts }
  }

  #repeated(part: Node): Node {
    const bounds = this.#bounds()
    if (bounds === undefined) return part
    // Whether it takes as much or as little as it can changes nothing about whether it matches.
    this.#took("?")
    if (this.#bounds() !== undefined) throw new SyntaxError("a repeat is repeated")
    return { kind: "repeat", part, ...bounds }
  }

  #bounds(): { readonly least: number; readonly most: number } | undefined {
    if (this.#took("*")) return { least: 0, most: Number.POSITIVE_INFINITY }
    if (this.#took("+")) return { least: 1, most: Number.POSITIVE_INFINITY }
    if (this.#took("?")) return { least: 0, most: 1 }
    const [all, least = "", comma, most = ""] =
      /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(this.#signs.slice(this.#at, this.#at + 12).join("")) ?? []
    if (all === undefined) return undefined
    this.#at += all.length
    const from = Number(least)
    const to = comma === "" ? from : most === "" ? Number.POSITIVE_INFINITY : Number(most)
    if (to < from || from > REPEAT_MAX || (to > REPEAT_MAX && to !== Number.POSITIVE_INFINITY))
      throw new SyntaxError(`${all} repeats more than ${REPEAT_MAX} times, or counts down`)
    return { least: from, most: to }
  }

  #atom(): Node {
    const sign = this.#next()
    if (sign === "(") return this.#group()
    if (sign === "[") return this.#one(this.#class())
    if (sign === ".") return this.#one((code) => this.#dotIsAll || code !== NEWLINE)
    if (sign === "^") return { kind: "edge", edge: "start" }
    if (sign === "$") return { kind: "edge", edge: "end" }
    if (sign === "*" || sign === "+" || sign === "?") throw new SyntaxError(`${sign} repeats nothing`)
    if (sign !== "\\") return this.#literal(codeOf(sign))
    const escaped = this.#next()
    if (escaped === "b" || escaped === "B") return { kind: "edge", edge: escaped === "b" ? "word" : "no_word" }
    const isIn = CLASSES[escaped]
    return isIn === undefined ? this.#literal(this.#escape(escaped)) : { kind: "one", isIn }
  }

  #group(): Node {
    if (this.#took("?") && !this.#took(":"))
      throw new SyntaxError("only (?:…) is understood of what begins with (?, and (?i) and (?s) in front")
    const inner = this.#choices()
    if (!this.#took(")")) throw new SyntaxError("a parenthesis is not closed")
    return inner
  }

  #class(): (code: number) => boolean {
    const isNegated = this.#took("^")
    const tests: ((code: number) => boolean)[] = []
    for (let isFirst = true; isFirst || this.#sign !== "]"; isFirst = false) {
      const from = this.#member()
      if (typeof from !== "number") tests.push(from)
      else if (this.#sign === "-" && this.#signs[this.#at + 1] !== "]") {
        this.#at += 1
        const to = this.#member()
        if (typeof to !== "number" || to < from) throw new SyntaxError("a range of characters is the wrong way round")
        tests.push((code) => code >= from && code <= to)
      } else tests.push((code) => code === from)
    }
    this.#at += 1
    return (code) => tests.some((test) => test(code)) !== isNegated
  }

  #member(): number | ((code: number) => boolean) {
    const sign = this.#next()
    if (sign !== "\\") return codeOf(sign)
    const escaped = this.#next()
    return CLASSES[escaped] ?? this.#escape(escaped)
  }

  #escape(sign: string): number {
    const digits = { x: 2, u: 4 }[sign]
    if (digits !== undefined) {
      const hex = this.#signs.slice(this.#at, this.#at + digits).join("")
      if (!/^[\da-f]+$/i.test(hex) || hex.length < digits) throw new SyntaxError(`\\${sign} needs ${digits} hex digits`)
      this.#at += digits
      return Number.parseInt(hex, 16)
    }
    const control = { n: 10, t: 9, r: 13, f: 12, v: 11, 0: 0 }[sign]
    if (control !== undefined) return control
    if (/[a-z\d]/i.test(sign)) throw new SyntaxError(`\\${sign} is not understood`)
    return codeOf(sign)
  }

  #literal(code: number): Node {
    return this.#one((other) => other === code)
  }

  #one(isIn: (code: number) => boolean): Node {
    if (!this.#isFolded) return { kind: "one", isIn }
    const cases = (code: number) => {
      const sign = String.fromCodePoint(code)
      return [code, codeOf(sign.toLowerCase()), codeOf(sign.toUpperCase())]
    }
    return { kind: "one", isIn: (code) => cases(code).some(isIn) }
  }

  get #sign(): string | undefined {
    return this.#signs[this.#at]
  }

  #next(): string {
    const sign = this.#signs[this.#at]
    if (sign === undefined) throw new SyntaxError("it ends too early")
    this.#at += 1
    return sign
  }

  #took(sign: string): boolean {
    if (this.#sign !== sign) return false
    this.#at += 1
    return true
  }
}

const NEWLINE = 10
const codeOf = (sign: string) => sign.codePointAt(0) ?? 0
const isDigit = (code: number) => code >= 48 && code <= 57

/** As `\w`: letters of ASCII, digits and `_`. */
export function isWord(code: number): boolean {
  return isDigit(code) || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}
const isSpace = (code: number) => /\s/.test(String.fromCodePoint(code))

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  d: isDigit,
  D: (code) => !isDigit(code),
  w: isWord,
  W: (code) => !isWord(code),
  s: isSpace,
  S: (code) => !isSpace(code),
}
