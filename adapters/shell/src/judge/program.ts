import type { CommandRisk } from "@skein/core/ports"
import type { Program } from "../know/program.ts"
import type { Word } from "../syntax/nodes.ts"
import { isOperand } from "../syntax/words.ts"
import { hostIn } from "./hosts.ts"
import { isPowerful } from "./powers.ts"
import { type Verdict, verdict } from "./verdict.ts"

/** Programs that run another one by its name: what that one is worth counts too. */
const RUNNERS = new Set("npx bunx pnpx pipx uvx uv poetry pipenv pdm hatch bundle pnpm yarn npm bun".split(" "))

/** What is said of a program that is in the tables, by its verb and its options. */
export function judgeProgram(
  name: string,
  known: Program,
  rest: readonly Word[],
  classify?: (words: readonly Word[]) => Verdict,
): Verdict {
  const { row, spoken, depth } = verbOf(known, rest)
  const own = rest.slice(depth)
  const powerful = [...(depth > 0 ? (known.powerful ?? []) : []), ...(row.powerful ?? [])]
  const found = rest.filter(({ value }) => powerful.some((option) => isPowerful(value, option)))
  const others = othersOf(row, own)
  const inner = RUNNERS.has(name) && classify !== undefined ? innerOf(row, own, classify) : undefined
  const isRead = row.risks.every((risk) => risk === "read")
  const risks: CommandRisk[] = [...row.risks]
  // What only reads does so with the options that are known.
  const unsure = isRead ? own.filter((word) => !isOperand(word) && !PLAIN.test(word.value ?? "$")) : []
  if (unsure.length > 0 || (isRead && found.length > 0)) risks.push("unknown")
  if (inner !== undefined) risks.push(...inner.risks.filter((risk) => risk !== "read" && risk !== "unknown"))
  const extra = extras(row, own)
  if (extra.writes.length > 0) risks.push("write")
  const worst = found[0]
  return verdict(
    risks,
    [
      `${[name, ...spoken].join(" ")} ${inner?.risks.includes("destroy") === true ? inner.reason : row.why}`,
      ...(worst === undefined ? [] : [`with ${worst.text}`]),
    ].join(", "),
    {
      powerful: [...found, ...others, ...unsure].map(({ text }) => text),
      ...extra,
      hosts: [...(row.hosts ?? []), ...(row.risks.includes("network") ? hostsIn(rest) : [])],
      ...(row.keeps === undefined ? { keeps: "all" as const } : { keeps: depth + row.keeps }),
    },
  )
}

/** Options that programs of this kind know, and that change only what is shown. */
const PLAIN =
  /^-(?:-(?:json|all|verbose|quiet|depth|long|format|filter|follow|tail|no-trunc|help|version|name-only|outdated|global)(?:=.*)?|[aflqvtns]+|\d+)$/

interface VerbFound {
  readonly row: Program
  readonly spoken: readonly string[]
  /** How many words were verbs. */
  readonly depth: number
}

/** The verb is the first word; behind an option it is looked for, but no longer sure. */
function verbOf(known: Program, rest: readonly Word[], spoken: readonly string[] = []): VerbFound {
  if (known.verbs === undefined) return { row: known, spoken, depth: spoken.length }
  const [first, ...more] = rest
  const name = first?.value
  const row = name !== undefined && Object.hasOwn(known.verbs, name) ? known.verbs[name] : undefined
  if (name !== undefined && row !== undefined) return verbOf(row, more, [...spoken, name])
  const hidden = rest.flatMap(({ value }) =>
    value !== undefined && Object.hasOwn(known.verbs ?? {}, value) ? (known.verbs?.[value] ?? []) : [],
  )
  if (hidden.length === 0) return { row: { ...known, verbs: {} }, spoken, depth: spoken.length }
  const risks = [...new Set([...known.risks, ...hidden.flatMap((one) => one.risks)])]
  return { row: { ...known, verbs: {}, risks }, spoken, depth: spoken.length }
}

/** More things to run than the one that an approval names: a second target of make. */
function othersOf({ isMany, keeps = 0 }: Program, own: readonly Word[]): readonly Word[] {
  if (isMany !== true) return []
  return own.slice(keeps).filter((word) => {
    const text = word.value
    if (text === undefined) return true
    return (
      /^(?:SHELL|MAKEFLAGS|MAKEFILES|\.SHELLFLAGS|[A-Z]*CC|[A-Z]*FLAGS|PATH)\s*[:+?]?=/.test(text) ||
      (!text.startsWith("-") && !text.includes("="))
    )
  })
}

function innerOf(
  { keeps }: Program,
  own: readonly Word[],
  classify: (words: readonly Word[]) => Verdict,
): Verdict | undefined {
  if (keeps !== 1) return undefined
  const at = own.findIndex(({ value }) => value === undefined || !value.startsWith("-"))
  return at < 0 ? undefined : classify(own.slice(at))
}

/** Files that its words name. */
function extras(row: Program, own: readonly Word[]): { writes: readonly Word[]; reads: readonly Word[] } {
  const operands = operandsOf(own)
  const named =
    row.writesTo === undefined ? [] : own.flatMap((word, at) => fileIn(word, own[at + 1], row.writesTo ?? []))
  const byPlace = { all: operands, last: operands.slice(-1), "but-first": operands.slice(1) }
  const writes = [
    ...(row.writes === undefined || (row.writes === "last" && named.length > 0) ? [] : byPlace[row.writes]),
    ...named,
  ]
  const reads = row.reads === "all" ? operands : row.reads === "but-last" ? operands.slice(0, -1) : []
  return { writes, reads }
}

export function operandsOf(words: readonly Word[]): readonly Word[] {
  const end = words.findIndex(({ value }) => value === "--")
  const before = (end < 0 ? words : words.slice(0, end)).filter(
    ({ value }) => value === undefined || !/^-./.test(value),
  )
  return end < 0 ? before : [...before, ...words.slice(end + 1)]
}

function fileIn(word: Word, next: Word | undefined, options: readonly string[]): readonly Word[] {
  const text = word.value ?? word.head
  for (const option of options) {
    if (text === option) return next === undefined ? [] : [next]
    const joined = option.startsWith("--") ? `${option}=` : option
    if (text.startsWith(joined) && text.length > joined.length) {
      const value = word.value?.slice(joined.length)
      return [{ ...word, value, head: value ?? "" }]
    }
  }
  return []
}

function hostsIn(words: readonly Word[]): readonly string[] {
  return words.flatMap(({ value }) => (value === undefined ? [] : (hostIn(value) ?? [])))
}
