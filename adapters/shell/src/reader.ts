import type { ShellContext, ShellReading } from "@skein/core/ports"
import { isCheck } from "./check/check.ts"
import { guesses } from "./guesses.ts"
import { judge } from "./judge/command.ts"
import { lineState } from "./judge/environment.ts"
import { withLinks } from "./links.ts"
import { withLosses } from "./losses.ts"
import { withRepositories } from "./repository.ts"
import type { Seen } from "./run/seen.ts"
import { trace } from "./run/trace.ts"

export { loadGrammar as prepare } from "./syntax/grammar.ts"

import { secondOpinion } from "./syntax/grammar.ts"
import { type Facts, type Node, noFacts, Unreadable } from "./syntax/nodes.ts"
import { parse } from "./syntax/parse.ts"
import { plainWord, quoted } from "./syntax/plain-word.ts"
import { isPlain, oddity } from "./syntax/readable.ts"

/** Two readers must agree on a line that is not plain, or it is not understood. */
export async function understand(line: string, context: ShellContext): Promise<ShellReading> {
  const read = await readLine(line, context.home)
  if (typeof read === "string") return unreadable(line, read, context)
  return await inRepositories(await followed(read.script, read.facts, line, context))
}

async function inRepositories(reading: ShellReading): Promise<ShellReading> {
  return { ...reading, commands: await withLosses(await withLinks(await withRepositories(reading.commands))) }
}

export async function understandArgv(argv: readonly string[], context: ShellContext): Promise<ShellReading> {
  const text = argv.map(quoted).join(" ")
  const odd = oddity(argv.join(" "))
  if (odd !== undefined || argv.length === 0) return unreadable(text, odd ?? "There is no program", context)
  const script: Node = {
    ...{ kind: "simple", assigns: [], words: argv.map(plainWord), redirects: [], nested: [], text, start: 0 },
  }
  return await inRepositories(await followed(script, noFacts(), text, context))
}

async function followed(script: Node, facts: Facts, text: string, context: ShellContext): Promise<ShellReading> {
  const assigned = [...facts.assigned.keys()]
  const functions = new Set(facts.functions)
  const near = nearIn(facts)
  const inner = async (code: string) => {
    const found = await readLine(code, context.home)
    if (typeof found === "string") throw new Unreadable(found)
    assigned.push(...found.facts.assigned.keys())
    // What code inside of the line gives a name is not followed.
    for (const name of found.facts.assigned.keys()) near.delete(name)
    for (const name of found.facts.functions) functions.add(name)
    return found
  }
  const traced = await trace(script, facts, context, inner)
  const unclear = traced.unclear ?? shadowing(functions)
  const known = reading(traced.seen, { assigned, functions, near, unclear }, text, context)
  return unclear === undefined && isCheck(script, context.checks) ? { ...known, isCheck: true } : known
}

function nearIn({ assigned }: Facts): Set<string> {
  return new Set([...assigned].flatMap(([name, { isNear }]) => (isNear === true ? [name] : [])))
}

/** The line as both readers see it, or why it is not read. */
async function readLine(line: string, home: string | undefined): Promise<{ script: Node; facts: Facts } | string> {
  const parsed = parse(line, home)
  if (parsed.kind === "unreadable") return parsed.reason
  if (isPlain(line)) return parsed
  return (await secondOpinion(line, parsed.facts)) ?? parsed
}

interface LineFacts {
  readonly assigned: readonly string[]
  readonly functions: ReadonlySet<string>
  readonly near: ReadonlySet<string>
  readonly unclear: string | undefined
}

function reading(
  seen: readonly Seen[],
  { assigned, functions, near, unclear }: LineFacts,
  line: string,
  context: ShellContext,
): ShellReading {
  const state = lineState(seen, assigned, functions, near, line)
  const places = { home: context.home, roots: context.roots }
  const commands = seen.map((one) => judge(one, state, places))
  if (unclear === undefined) return { commands }
  return { commands: [...commands, ...guesses(line, context, commands)], unclear }
}

/** A line that cannot be read. */
function unreadable(line: string, reason: string, context: ShellContext): ShellReading {
  return { commands: guesses(line, context), unclear: reason }
}

/** A function by the name of a program that we know hides it. */
function shadowing(functions: ReadonlySet<string>): string | undefined {
  for (const name of functions) {
    if (KNOWN.test(name)) return `It gives the name ${name} to a function, which hides what that does`
  }
  return undefined
}

const KNOWN =
  /^(?:cd|pushd|popd|ls|cat|echo|printf|test|\[|git|rm|cp|mv|npm|node|python3?|make|grep|sed|awk|find|command|builtin|exec|eval|source|\.|export|unset|read|set|env|sudo|sh|bash|true|false|:|pwd|kill|trap|alias|return|exit|head|tail|sort|wc|mkdir|touch|curl|wget|docker|cargo|go|declare|typeset|local)$/
