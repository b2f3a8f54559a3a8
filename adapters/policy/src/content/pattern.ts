import { type Edge, isWord, type Node, parsePattern } from "./parse.ts"

/** Whether a pattern is found in a text. `work` is used up by it; without any left, everything counts as found. */
export type Pattern = (text: string, work?: Work) => boolean

/** How much may still be searched. */
export interface Work {
  stepsLeft: number
}

/** For one call: a project's rules are many, and each of them may be slow. */
export function workOfCall(): Work {
  return { stepsLeft: WORK_MAX }
}

/** Of one pattern, repeats written out. */
const STEPS_MAX = 2_000
/** Of all searches of a call: what is larger counts as found, since a rule that may be evaded by size holds nothing. */
const WORK_MAX = 40_000_000

/**
 * A pattern that is searched for in one pass: all ways in which it may go on are followed beside each other, so that no
 * text makes it slow. Throws SyntaxError for one that cannot be, in a sentence part.
 */
export function patternOf(source: string): Pattern {
  const program: Step[] = []
  write(parsePattern(source), program)
  program.push({ op: "found" })
  return (text, work = workOfCall()) => isFound(program, text, work)
}

type Step =
  | { readonly op: "one"; readonly isIn: (code: number) => boolean }
  | { readonly op: "edge"; readonly edge: Edge }
  | { readonly op: "jump"; to: number }
  /** Both ways. */
  | { readonly op: "fork"; to: number; other: number }
  | { readonly op: "found" }

function write(node: Node, program: Step[]): void {
  if (program.length > STEPS_MAX) throw new SyntaxError("it is too large, with its repeats written out")
  switch (node.kind) {
    case "one":
      program.push({ op: "one", isIn: node.isIn })
      return
    case "edge":
      program.push({ op: "edge", edge: node.edge })
      return
    case "all":
      for (const part of node.parts) write(part, program)
      return
    case "any":
      return writeChoices(node.choices, program)
    case "repeat":
      for (let count = 0; count < node.least; count++) write(node.part, program)
      if (node.most === Number.POSITIVE_INFINITY) return writeLoop(node.part, program)
      return writeOptions(node.part, node.most - node.least, program)
  }
}

function writeChoices(choices: readonly Node[], program: Step[]): void {
  const ends: { op: "jump"; to: number }[] = []
  choices.forEach((choice, at) => {
    const fork = { op: "fork" as const, to: program.length + 1, other: 0 }
    const isLast = at === choices.length - 1
    if (!isLast) program.push(fork)
    write(choice, program)
    if (isLast) return
    const end = { op: "jump" as const, to: 0 }
    ends.push(end)
    program.push(end)
    fork.other = program.length
  })
  for (const end of ends) end.to = program.length
}

function writeLoop(part: Node, program: Step[]): void {
  const fork = { op: "fork" as const, to: program.length + 1, other: 0 }
  const start = program.length
  program.push(fork)
  write(part, program)
  program.push({ op: "jump", to: start })
  fork.other = program.length
}

function writeOptions(part: Node, count: number, program: Step[]): void {
  const forks: { op: "fork"; to: number; other: number }[] = []
  for (let option = 0; option < count; option++) {
    const fork = { op: "fork" as const, to: program.length + 1, other: 0 }
    forks.push(fork)
    program.push(fork)
    write(part, program)
  }
  for (const fork of forks) fork.other = program.length
}

function isFound(program: readonly Step[], text: string, work: Work): boolean {
  // The place in the text at which a step was last taken up: each is followed once there.
  const seen = new Int32Array(program.length).fill(-1)
  let now: number[] = []
  let next: number[] = []
  let before = -1
  for (let at = 0; ; ) {
    const code = text.codePointAt(at) ?? -1
    const waiting = [...now, 0]
    now = []
    while (waiting.length > 0) {
      const index = waiting.pop() ?? 0
      if (seen[index] === at) continue
      seen[index] = at
      work.stepsLeft -= 1
      const step = program[index]
      if (step === undefined || step.op === "found") return true
      if (step.op === "one") now.push(index)
      else if (step.op === "jump") waiting.push(step.to)
      else if (step.op === "fork") waiting.push(step.to, step.other)
      else if (isAtEdge(step.edge, before, code)) waiting.push(index + 1)
    }
    if (work.stepsLeft < 0) return true
    if (code === -1) return false
    next = []
    for (const index of now) {
      const step = program[index]
      if (step?.op === "one" && step.isIn(code)) next.push(index + 1)
    }
    now = next
    before = code
    at += code > 0xffff ? 2 : 1
  }
}

const NEWLINE = 10

function isAtEdge(edge: Edge, before: number, after: number): boolean {
  if (edge === "start") return before === -1 || before === NEWLINE
  if (edge === "end") return after === -1 || after === NEWLINE
  return (isWord(before) !== isWord(after)) === (edge === "word")
}
