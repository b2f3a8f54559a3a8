import { RUNS_ITS_INPUT } from "@skein/core/ports"
import { optionsOf, type Read, readOptions } from "../know/options.ts"
import { PROGRAMS } from "../know/programs.ts"
import {
  FILE_LETTERS,
  FILE_OPTIONS,
  FILE_READERS,
  HARMLESS,
  NAMES_NO_FILES,
  OPERANDS_MAX,
  READERS,
  VERSIONED,
} from "../know/read-only.ts"
import { isPath } from "../run/names.ts"
import { codeOf } from "../run/unwrap.ts"
import { SHELLS } from "../run/wrappers.ts"
import type { Word } from "../syntax/nodes.ts"
import { isOperand } from "../syntax/words.ts"
import { judgeCode } from "./code.ts"
import { judgeGit } from "./git.ts"
import { judgeProgram } from "./program.ts"
import { SPECIAL } from "./special.ts"
import { type Verdict, verdict } from "./verdict.ts"

/** Programs that start one another by name (`npx npx …`), before what is started in the end is taken for the worst. */
const STARTS_MAX = 8

/** What a command does, by its program and its options. `starts`: how many others have started it. */
export function classify(words: readonly Word[], starts = 0): Verdict {
  if (starts > STARTS_MAX) return verdict(["destroy", "unknown"], "starts a program by more others than are looked at")
  const [first, ...rest] = words
  const name = first?.value
  if (name === undefined)
    return verdict("unknown", `Which program ${first?.text ?? "it"} is, is only known when it runs`, {
      powerful: ["program"],
    })
  const code = codeOf(words)
  if (code !== undefined) {
    const judged = judgeCode(name, code.code)
    const isInPlace = /^(?:perl|ruby)/.test(name) && rest.some(({ value }) => /^-[a-zA-Z0-9]*i/.test(value ?? ""))
    return isInPlace ? { ...judged, risks: [...judged.risks, "write"] } : judged
  }
  if (name === "git") return judgeGit(rest)
  const special = Object.hasOwn(SPECIAL, name) ? SPECIAL[name]?.(rest, name) : undefined
  if (special !== undefined) return special
  if (isVersion(name, rest)) return verdict("read", `${name} says its version`, { keeps: "all" })
  if (HARMLESS.has(name)) return harmless(name, rest)
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined
  const known = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined
  if (reader !== undefined) {
    const read = readOptions(rest, optionsOf(reader))
    const most = Object.hasOwn(OPERANDS_MAX, name) ? OPERANDS_MAX[name] : undefined
    const isOver = most !== undefined && read.operands.length > most
    if (read.strange.length === 0 && !isOver && !evaluatesName(name, rest)) return reads(name, read, rest)
    const powerful = isOver ? read.operands.slice(most).map(({ text }) => text) : read.strange
    const why = `${name} ${powerful.join(" ")} is not known to only read`
    if (known === undefined)
      return verdict(isOver ? ["write", "unknown"] : "unknown", why, {
        powerful: powerful.length > 0 ? powerful : ["name"],
        writes: isOver ? read.operands.slice(most) : [],
      })
    const judged = judgeProgram(name, known, rest)
    return { ...judged, powerful: [...new Set([...(judged.powerful ?? []), ...powerful])] }
  }
  if (SHELLS.has(name)) return script(name, rest)
  if (known !== undefined) return judgeProgram(name, known, rest, (own) => classify(own, starts + 1))
  if (name.startsWith("mkfs.")) return verdict(["destroy", "escalate"], "mkfs makes a file system over what is there")
  if (isPath(name)) return verdict("execute", `It runs a program that lies in a folder: ${name}`, { keeps: "all" })
  const versioned = /^([a-z]+)-?\d[\d.]*$/.exec(name)?.[1]
  if (versioned !== undefined && Object.hasOwn(PROGRAMS, versioned))
    return classify([{ ...WORD, value: versioned, head: versioned, text: name }, ...rest], starts)
  return verdict("unknown", `What ${name} does is not known`, { keeps: isVerb(rest[0]) ? 1 : "all" })
}

const WORD: Word = { value: "", text: "", start: -1, head: "", isSplit: false }

function isVerb(word: Word | undefined): boolean {
  return word?.value !== undefined && /^[a-z][a-z0-9:_-]*$/.test(word.value)
}

function isVersion(name: string, rest: readonly Word[]): boolean {
  return rest.length === 1 && rest[0]?.value === "--version" && VERSIONED.has(name)
}

function harmless(name: string, rest: readonly Word[]): Verdict {
  if (evaluatesName(name, rest))
    return verdict("unknown", `${name} evaluates a name with a subscript`, { powerful: ["subscript"] })
  return reads(name, readOptions(rest, optionsOf("*")), rest)
}

/** Builtins that take a name evaluate its subscript, substitutions and all, even in quotes. */
function evaluatesName(name: string, rest: readonly Word[]): boolean {
  const isTest = name === "test" || name === "["
  const isNaming = /^(?:printf|read|unset|declare|typeset|local|export|readonly|readarray|mapfile|wait|getopts)$/.test(
    name,
  )
  if (isTest) return rest.some(({ value }, at) => /^-[vR]$/.test(value ?? "") && /\[/.test(rest[at + 1]?.value ?? "["))
  if (/^(?:readarray|mapfile)$/.test(name) && rest.some(({ value, head }) => /^-\w*C/.test(value ?? head))) return true
  return (
    isNaming &&
    name !== "printf" &&
    rest.some((word) => /\[|`|\$\(/.test(word.value ?? "") || (word.value === undefined && !isOperand(word)))
  )
}

function reads(name: string, { operands, given }: Read, rest: readonly Word[]): Verdict {
  const from = Object.hasOwn(FILE_READERS, name) ? FILE_READERS[name] : NAMES_NO_FILES.has(name) ? undefined : 0
  const hasPattern = given.some((option) => /^(?:-e|--regexp|-f|--file|--files)$/.test(option.name))
  const letters = Object.hasOwn(FILE_LETTERS, name) ? (FILE_LETTERS[name] ?? "") : ""
  const named = given.flatMap(({ name: option, value }) =>
    value !== undefined && (FILE_OPTIONS.test(option) || letters.includes(option.slice(1))) ? [value] : [],
  )
  const files = [...(from === undefined ? [] : operands.slice(hasPattern ? 0 : from)), ...named]
  return verdict("read", `${name} only reads`, {
    reads: [...files, ...rest.flatMap((word) => fileIn(name, word))],
    keeps: 0,
  })
}

/** The file that an option names in the same word: `--file=x`, `-fx`. In the next word it stands among the operands. */
function fileIn(name: string, word: Word): readonly Word[] {
  const [whole, option] = /^(--[\w-]+)=/.exec(word.value ?? word.head) ?? []
  const letters = Object.hasOwn(FILE_LETTERS, name) ? FILE_LETTERS[name] : undefined
  const short =
    letters === undefined ? null : new RegExp(`^-[a-zA-Z0-9]*?[${letters}](?=.)`).exec(word.value ?? word.head)
  const cut = option !== undefined && FILE_OPTIONS.test(option) ? whole?.length : short?.[0].length
  if (cut === undefined) return []
  return [{ ...word, value: word.value?.slice(cut), head: word.head.slice(cut), text: word.text.slice(cut) }]
}

/** A shell that is given a file. */
function script(name: string, rest: readonly Word[]): Verdict {
  const file = rest.find((word) => word.value === undefined || !/^[-+]/.test(word.value))
  if (file === undefined)
    return verdict(["unknown", "execute"], `${name} runs what it reads`, { powerful: [RUNS_ITS_INPUT] })
  const hasOptions = rest[0] !== file
  return verdict("execute", `${name} runs the script ${file.text}`, {
    reads: [file],
    keeps: "all",
    powerful: hasOptions && file.value === undefined ? [file.text] : [],
  })
}
