import type { EventOf, Rule } from "@skein/protocol"
import { type Hunk, hunksOf } from "./hunks.ts"
import type { Asked } from "./shown.ts"

type Question = EventOf<"approval.requested">

/** The hunks of what is asked about, in the order that their numbers count. */
export function hunksAsked({ actions, effects }: Question): readonly Hunk[] {
  const done = effects?.changes.map(({ path, diff }) => ({ target: path, diff })) ?? []
  return [...actions, ...done].flatMap(({ target, diff }) => (diff === undefined ? [] : hunksOf(diff, target)))
}

/** All that a person needs to answer. `title` is that of the call. */
export function askedOf(question: Question, title: string): Asked {
  const { actions, effects, cwd, reasons, taint = [], always, options, hunksCount = 0 } = question
  const hunks = hunksAsked(question)
  const facts: [string, string][] = [
    ...actions.map(({ verb, target }): [string, string] => [verb, target]),
    ...(cwd === undefined ? [] : [["in", cwd] satisfies [string, string]]),
    ["asks", reasons.join("; ")],
    ...(taint.length === 0 ? [] : [["taint", taint.join("; ")] satisfies [string, string]]),
    ...(effects?.changes ?? []).map(({ kind, path }): [string, string] => [KINDS[kind], path]),
    ...(effects?.network ?? []).map(({ host, port, decision }): [string, string] => [
      "tried",
      `${host}:${port} ${decision}`,
    ]),
    ...(effects === undefined || effects.output.trim() === ""
      ? []
      : [["said", effects.output] satisfies [string, string]]),
  ]
  return {
    approvalId: question.approvalId,
    title: question.agent === undefined ? title : `${question.agent.name}: ${title}`,
    facts,
    hunks,
    canChoose: hunksCount > 1 && hunks.length === hunksCount,
    options,
    always: always === undefined ? undefined : ruleText(always),
  }
}

const KINDS = { add: "adds", update: "changes", delete: "deletes" } as const

function ruleText({ tool, command, prefix, path, host }: Rule): string {
  const words = prefix?.map((word) => (typeof word === "string" ? word : word.join("|"))).join(" ")
  const about = command ?? words ?? path ?? host
  return about === undefined ? tool : `${tool}: ${about}`
}
