import { EXIT_MEANINGS } from "@skein/headless"
import { type Flag, namesOf, nearest } from "../flags.ts"
import { UsageError } from "../usage.ts"
import type { CommandTable, Run, Verb } from "../verb.ts"

/** A verb and its name with those of the verbs it lies in: `session list`. */
interface Topic {
  readonly verb: Verb
  readonly path: string
}

export const run: Run = async ({ io, words, table }) => {
  const [first] = words
  const lines =
    first === "exit-codes"
      ? exitCodes()
      : await helpFor(first === undefined ? undefined : await topicNamed(words, table), table)
  for (const line of lines) io.out(line)
  return 0
}

/** The help of one verb, or of the whole when none is given. */
export async function helpFor(topic: Topic | undefined, table: CommandTable): Promise<string[]> {
  return topic === undefined ? overview(table) : detail(topic)
}

async function topicNamed([first = "", ...more]: readonly string[], { verbs, coming }: CommandTable): Promise<Topic> {
  const verb = named(first, verbs)
  if (verb === undefined && coming.includes(first))
    throw new UsageError(`skein ${first} is not available in this version.`)
  if (verb === undefined) throw new UsageError(`There is no verb ${first}.${nearest(first, namesIn(verbs))}`)
  return await topicWithin({ verb, path: verb.name }, more)
}

async function topicWithin({ verb, path }: Topic, [next, ...more]: readonly string[]): Promise<Topic> {
  if (next === undefined || verb.inner === undefined) return { verb, path }
  const inside = await verb.inner()
  const inner = named(next, inside)
  if (inner === undefined) throw new UsageError(`There is no skein ${path} ${next}.${nearest(next, namesIn(inside))}`)
  return await topicWithin({ verb: inner, path: `${path} ${inner.name}` }, more)
}

const named = (name: string, verbs: readonly Verb[]) =>
  verbs.find((candidate) => candidate.name === name || candidate.aliases?.includes(name))

const namesIn = (verbs: readonly Verb[]) => verbs.map(({ name }) => name)

function overview({ verbs }: CommandTable): string[] {
  const plain = verbs.find((verb) => verb.name === "run")
  return [
    "skein: an AI agent for the terminal",
    "",
    "  skein                      work with it on a screen",
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

async function detail({ verb, path }: Topic): Promise<string[]> {
  const names = [verb.name, ...(verb.aliases ?? [])].join(", ")
  const inner = (await verb.inner?.()) ?? []
  return [
    `skein ${path} ${verb.usage}`.trimEnd(),
    "",
    `  ${verb.summary}.`,
    ...(verb.aliases === undefined ? [] : [`  Also: ${names}.`]),
    "",
    ...(inner.length === 0
      ? []
      : [...columns(inner.map(({ name, usage, summary }) => [`  ${name} ${usage}`.trimEnd(), summary])), ""]),
    ...flagLines(verb.flags),
    ...(inner.length === 0 ? [] : ["", `skein help ${path} <word> tells more of one.`]),
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
