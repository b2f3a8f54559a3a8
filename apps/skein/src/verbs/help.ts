import { EXIT_MEANINGS } from "@skein/headless"
import { type Flag, namesOf, nearest } from "../flags.ts"
import { UsageError } from "../usage.ts"
import type { CommandTable, Run, Verb } from "../verb.ts"

export const run: Run = async ({ io, words, table }) => {
  const [topic] = words
  for (const line of topic === "exit-codes"
    ? exitCodes()
    : helpFor(topic === undefined ? undefined : verbNamed(topic, table), table)) {
    io.out(line)
  }
  return 0
}

/** The help of one verb, or of the whole when none is given. */
export function helpFor(verb: Verb | undefined, table: CommandTable): string[] {
  return verb === undefined ? overview(table) : detail(verb)
}

function verbNamed(name: string, { verbs, coming }: CommandTable): Verb {
  const verb = verbs.find((candidate) => candidate.name === name || candidate.aliases?.includes(name))
  if (verb !== undefined) return verb
  if (coming.includes(name)) throw new UsageError(`skein ${name} is not available in this version.`)
  throw new UsageError(
    `There is no verb ${name}.${nearest(
      name,
      verbs.map((candidate) => candidate.name),
    )}`,
  )
}

function overview({ verbs }: CommandTable): string[] {
  const plain = verbs.find((verb) => verb.name === "run")
  return [
    "skein: an AI agent for the terminal",
    "",
    "  skein                      work with it, line by line",
    '  skein -p "prompt"          answer one prompt and exit; a pipe on stdin is read too',
    "  skein <verb> …             do one of these:",
    "",
    ...columns(verbs.map((verb) => [`  ${verb.name} ${verb.usage}`.trimEnd(), verb.summary])),
    "",
    "Flags of skein and skein -p:",
    "",
    ...flagLines(plain?.flags ?? []),
    "",
    "skein help <verb> tells more of one; skein help exit-codes what the exit codes mean.",
  ]
}

function detail(verb: Verb): string[] {
  const names = [verb.name, ...(verb.aliases ?? [])].join(", ")
  return [
    `skein ${verb.name} ${verb.usage}`.trimEnd(),
    "",
    `  ${verb.summary}.`,
    ...(verb.aliases === undefined ? [] : [`  Also: ${names}.`]),
    "",
    ...flagLines(verb.flags),
  ]
}

function exitCodes(): string[] {
  return [
    "Exit codes of skein; skein exec uses 0, 1 and 2 alone, as its callers expect.",
    "",
    ...columns(EXIT_MEANINGS.map(([code, meaning]) => [`  ${code}`, meaning])),
  ]
}

function flagLines(flags: readonly Flag[]): string[] {
  return columns(
    flags.map((flag) => {
      const value = flag.kind === "boolean" ? "" : ` <${flag.value}>`
      return [`  ${namesOf(flag).join(", ")}${value}`, flag.summary]
    }),
  )
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(Math.max(...rows.map(([left]) => left.length)), 44)
  return rows.map(([left, right]) =>
    left.length > width ? `${left}\n${" ".repeat(width + 2)}${right}` : `${left.padEnd(width + 2)}${right}`,
  )
}
