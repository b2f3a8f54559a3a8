import type { Word } from "../syntax/nodes.ts"
import { isOperand } from "../syntax/words.ts"

/**
 * Options of a program, as one line of text: single letters first, a letter with `:` takes a value, with `::` one only
 * in the same word; then long ones, with `=` when they take a value and `=?` when only in the same word. `- *` at the
 * front would be any option at all.
 */
export interface Options {
  readonly short: ReadonlyMap<string, "none" | "value" | "joined">
  readonly long: ReadonlyMap<string, "none" | "value" | "joined">
  readonly isAny: boolean
}

const compiled = new Map<string, Options>()

export function optionsOf(line: string): Options {
  const known = compiled.get(line)
  if (known !== undefined) return known
  const [letters = "", ...names] = line.split(" ")
  const short = new Map<string, "none" | "value" | "joined">()
  for (const [, letter = "", colons = ""] of letters.matchAll(/([^:*])(:{0,2})/g)) {
    short.set(letter, colons === "" ? "none" : colons === ":" ? "value" : "joined")
  }
  const long = new Map<string, "none" | "value" | "joined">()
  for (const name of names) {
    const [, bare = "", takes] = /^(--?[^=]+)(=\??)?$/.exec(name) ?? []
    long.set(bare, takes === undefined ? "none" : takes === "=" ? "value" : "joined")
  }
  const options = { short, long, isAny: letters === "*" }
  compiled.set(line, options)
  return options
}

export interface Read {
  /** Everything that is not an option or an option's value. */
  readonly operands: readonly Word[]
  /** Options in their plain form, with what they were given. */
  readonly given: readonly { readonly name: string; readonly value: Word | undefined; readonly text: string }[]
  /** Options that are not on the list, and words that may turn out to be options. */
  readonly strange: readonly string[]
  /** Where the first operand stands in the words. */
  readonly firstOperand: number
}

export interface ReadStyle {
  /** Options end with the first operand, as for a program that runs another. */
  readonly stopsAtOperand?: boolean
  /** `-name value`, as of find and of Go's programs. */
  readonly isSingleDash?: boolean
}

/** Takes the words behind a program apart by what its options are. */
export function readOptions(words: readonly Word[], options: Options, style: ReadStyle = {}): Read {
  const operands: Word[] = []
  const given: Read["given"][number][] = []
  const strange: string[] = []
  let firstOperand = -1
  let isOver = false
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]
    if (word === undefined) continue
    const text = word.value
    if (isOver || isOperand(word) || text === "-") {
      if (firstOperand < 0) firstOperand = at
      operands.push(word)
      if (style.stopsAtOperand === true) isOver = true
      continue
    }
    if (text === "--") {
      isOver = true
      continue
    }
    if (text === undefined) {
      // `--name=$value`: the value is not known, the option is.
      const joined = /^(--[\w-]+)=/.exec(word.head)
      const takes = joined?.[1] === undefined || word.isSplit ? undefined : options.long.get(joined[1])
      if (joined?.[1] !== undefined && takes !== undefined && takes !== "none") {
        given.push({ name: joined[1], value: { ...word, head: "" }, text: word.text })
      } else if (options.isAny && !word.isSplit && word.head !== "") operands.push(word)
      else if (options.isAny) operands.push(word)
      else strange.push(word.text)
      if (firstOperand < 0 && operands.length > 0) firstOperand = at
      continue
    }
    const used = text.startsWith("--") || style.isSingleDash === true ? long(text, word) : short(text, word)
    if (used === "next") at += 1
    function long(option: string, whole: Word): "next" | "done" {
      const [, name = option, value] = /^([^=]+)=(.*)$/s.exec(option) ?? []
      const takes =
        options.long.get(name) ?? (style.isSingleDash === true ? options.long.get(name.replace(/^--/, "-")) : undefined)
      if (takes === undefined && options.isAny) return done(name, undefined, option)
      if (takes === undefined || (takes === "none" && value !== undefined)) return refused(option)
      if (value !== undefined) return done(name, wordOf(value, whole), option)
      if (takes !== "value") return done(name, undefined, option)
      done(name, words[at + 1], option)
      return "next"
    }
    function short(option: string, whole: Word): "next" | "done" {
      for (let letter = 1; letter < option.length; letter += 1) {
        const name = option[letter] ?? ""
        const takes = options.short.get(name)
        if (takes === undefined && options.isAny) {
          done(`-${name}`, undefined, option)
          continue
        }
        if (takes === undefined) return refused(option)
        if (takes === "none") {
          done(`-${name}`, undefined, option)
          continue
        }
        const rest = option.slice(letter + 1)
        if (rest !== "" || takes === "joined")
          return done(`-${name}`, rest === "" ? undefined : wordOf(rest, whole), option)
        done(`-${name}`, words[at + 1], option)
        return "next"
      }
      return "done"
    }
    function done(name: string, value: Word | undefined, option: string): "done" {
      given.push({ name, value, text: option })
      return "done"
    }
    function refused(option: string): "done" {
      strange.push(option)
      return "done"
    }
  }
  return { operands, given, strange, firstOperand }
}

function wordOf(value: string, whole: Word): Word {
  return { ...whole, value, head: value, isSplit: false }
}
