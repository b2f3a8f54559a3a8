import type { ShellContext } from "@skein/core/ports"
import type { Assignment, Compound, Facts, List, Node, Redirect, Simple, Word } from "../syntax/nodes.ts"
import { Unreadable } from "../syntax/nodes.ts"
import { changed, type FolderFacts, isFolderChange } from "./folders.ts"
import { listsNear } from "./listing.ts"
import { programName } from "./names.ts"
import type { Input, Seen } from "./seen.ts"
import { type Unwrapped, unwrap } from "./unwrap.ts"

/** How many commands, and how deep inside of each other, before a line counts as not understood. */
const COMMANDS_MAX = 3_000
const DEPTH_MAX = 12

export interface Traced {
  readonly seen: readonly Seen[]
  /** Set when something that runs is not known. */
  readonly unclear: string | undefined
}

/** Reads code for a shell that stands inside of a command. Throws Unreadable. */
export type ReadInner = (code: string) => Promise<{ readonly script: Node; readonly facts: Facts }>

interface Trace {
  readonly context: ShellContext
  readonly readInner: ReadInner
  readonly seen: Seen[]
  readonly functions: Set<string>
  unclear: string | undefined
  cwd: string | undefined
  /** The last change of folder may have failed. */
  isDoubtful: boolean
  depth: number
  hasSearchPath: boolean
}

/** Goes through a script as a shell would, into every branch, and lists what would run and where. */
export async function trace(script: Node, facts: Facts, context: ShellContext, readInner: ReadInner): Promise<Traced> {
  const state: Trace = {
    ...{ context, readInner, seen: [], functions: new Set(facts.functions), unclear: undefined, cwd: context.cwd },
    ...{ isDoubtful: false, depth: 0, hasSearchPath: facts.assigned.has("CDPATH") },
  }
  // A function may change the folder whenever it is called.
  if (facts.functions.size > 0 && changesFolder(script)) state.cwd = undefined
  try {
    await visit(script, state, { kind: "inherited" })
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    state.unclear ??= error.message
  }
  return { seen: state.seen, unclear: state.unclear }
}

async function visit(node: Node, state: Trace, input: Input): Promise<void> {
  switch (node.kind) {
    case "list":
      return await list(node, state, input)
    case "pipeline":
      for (const [index, part] of node.parts.entries()) {
        const fed: Input = index === 0 ? input : { kind: "other", isNear: listsNear(node.parts.slice(0, index)) }
        await apart(state, () => visit(part, state, fed))
      }
      return
    case "simple":
      return await simple(node, state, input)
    case "compound":
      return await compound(node, state, input)
    case "function":
      if (changesFolder(node.body)) state.cwd = undefined
      return await apart(state, () => visit(node.body, state, { kind: "inherited" }))
  }
}

async function list({ items }: List, state: Trace, input: Input): Promise<void> {
  const wasDoubtful = state.isDoubtful
  state.isDoubtful = false
  for (const { node, after } of items) {
    if (after === "&") await apart(state, () => visit(node, state, input))
    else await visit(node, state, input)
    // Behind `&&` the change has succeeded; behind anything else it may not have.
    if (after !== "&&" && state.isDoubtful) {
      state.cwd = undefined
      state.isDoubtful = false
    }
  }
  state.isDoubtful ||= wasDoubtful
}

/** In a shell of its own: what it changes is gone after it. */
async function apart(state: Trace, run: () => Promise<void>): Promise<void> {
  const { cwd, isDoubtful } = state
  await run()
  state.cwd = cwd
  state.isDoubtful = isDoubtful
}

async function compound(node: Compound, state: Trace, input: Input): Promise<void> {
  await substitutions(node, state)
  const fed = inputOf(node.redirects, input)
  if (node.redirects.some(({ kind }) => kind !== "duplicate" && kind !== "text")) record(state, redirectOnly(node), fed)
  const moves = node.form !== "group" && node.bodies.some(changesFolder)
  if (node.form === "loop" && moves) state.cwd = undefined
  if (node.form === "subshell") {
    for (const body of node.bodies) await apart(state, () => visit(body, state, fed))
    return
  }
  for (const body of node.bodies) await visit(body, state, fed)
  if (moves) state.cwd = undefined
}

async function substitutions({ nested, redirects }: Simple | Compound, state: Trace): Promise<void> {
  for (const one of [...nested, ...redirects.flatMap((redirect) => redirect.nested ?? [])]) {
    await apart(state, () => visit(one, state, { kind: "inherited" }))
  }
}

/** Redirections of a group write and read as those of a command do. */
function redirectOnly({ redirects, text }: Compound): Simple {
  return {
    kind: "simple",
    assigns: [],
    words: [],
    redirects,
    nested: [],
    text: redirects.map((one) => one.text).join(" ") || text,
    start: -1,
  }
}

async function simple(node: Simple, state: Trace, input: Input): Promise<void> {
  await substitutions(node, state)
  const fed = inputOf(node.redirects, input)
  if (node.words.length === 0) {
    if (node.redirects.length > 0 || node.assigns.length > 0) record(state, node, fed)
    return
  }
  await command({ words: node.words, assigns: node.assigns, redirects: node.redirects, text: node.text }, state, fed)
}

interface Run {
  readonly words: readonly Word[]
  readonly assigns: readonly Assignment[]
  readonly redirects: readonly Redirect[]
  readonly text: string
}

async function command(run: Run, state: Trace, input: Input): Promise<void> {
  const [first, ...rest] = run.words
  if (first === undefined) return
  const name = programName(first.value)
  if (name === undefined) state.unclear ??= `Which program ${first.text} stands for is only known when it runs`
  const words = [name === undefined || name === first.value ? first : { ...first, value: name, head: name }, ...rest]
  const inside: Unwrapped =
    name !== undefined && state.functions.has(name) ? { inner: [], code: [], isPassedOn: true } : unwrap(words, input)
  state.unclear ??= inside.unclear
  record(state, { kind: "simple", ...run, words, nested: [], start: 0 }, input, inside.isPassedOn)
  if (isFolderChange(name)) return move(words, state)
  if (name === "source" || name === ".") state.cwd = undefined
  await follow(inside, run, state, input)
}

/** What a command runs besides itself. */
async function follow(inside: Unwrapped, run: Run, state: Trace, input: Input): Promise<void> {
  if (inside.inner.length === 0 && inside.code.length === 0) return
  if (state.depth >= DEPTH_MAX) throw new Unreadable("It runs commands inside of commands too deep to be followed")
  state.depth += 1
  const assigns = [...run.assigns, ...(inside.assigns ?? [])]
  const within = async () => {
    if (inside.folder !== undefined) state.cwd = changed([CD, inside.folder], state.cwd, factsOf(state)).cwd
    for (const words of inside.inner)
      await command({ words, assigns, redirects: [], text: textOf(words) }, state, input)
    for (const code of inside.code) await runCode(code, assigns, run, state, input)
  }
  if (inside.isHere === true) await within()
  else await apart(state, within)
  state.depth -= 1
}

async function runCode(
  code: string | undefined,
  assigns: readonly Assignment[],
  run: Run,
  state: Trace,
  input: Input,
): Promise<void> {
  if (code === undefined) {
    state.unclear ??= `What ${run.words[0]?.text ?? "it"} runs is only known when it runs`
    return
  }
  const { script, facts } = await state.readInner(code)
  for (const name of facts.functions) state.functions.add(name)
  const from = state.seen.length
  await visit(script, state, input.kind === "text" ? { kind: "other" } : input)
  if (assigns.length === 0) return
  for (let at = from; at < state.seen.length; at += 1) {
    const one = state.seen[at]
    if (one !== undefined) state.seen[at] = { ...one, assigns: [...assigns, ...one.assigns] }
  }
}

function record(state: Trace, { words, text, assigns, redirects }: Simple, input: Input, isPassedOn = false): void {
  if (state.seen.length >= COMMANDS_MAX) throw new Unreadable(`It holds more than ${COMMANDS_MAX} commands`)
  const named = words.length > 0 ? words : [NONE]
  state.seen.push({ words: named, text, assigns, redirects, cwd: state.cwd, input, isPassedOn })
}

const NONE: Word = { value: ":", text: "", start: -1, head: ":", isSplit: false }
const CD: Word = { value: "cd", text: "cd", start: -1, head: "cd", isSplit: false }

function move(words: readonly Word[], state: Trace): void {
  const { cwd, isSure } = changed(words, state.cwd, factsOf(state))
  state.cwd = cwd
  if (!isSure) state.isDoubtful = true
}

function factsOf({ context, hasSearchPath }: Trace): FolderFacts {
  return { roots: context.roots, start: context.cwd, home: context.home, hasSearchPath }
}

function inputOf(redirects: readonly Redirect[], input: Input): Input {
  let now = input
  for (const { kind, body, text } of redirects) {
    if (kind === "text") now = { kind: "text", text: body }
    else if ((kind === "read" || kind === "both" || kind === "duplicate") && /^0?</.test(text)) now = { kind: "other" }
  }
  return now
}

function textOf(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(" ")
}

function changesFolder(node: Node): boolean {
  switch (node.kind) {
    case "list":
      return node.items.some((item) => changesFolder(item.node))
    case "pipeline":
      return false
    case "simple":
      return (
        isFolderChange(node.words[0]?.value) ||
        ["eval", "source", ".", "builtin", "command", "time"].includes(node.words[0]?.value ?? "")
      )
    case "compound":
      return node.form !== "subshell" && node.bodies.some(changesFolder)
    case "function":
      return changesFolder(node.body)
  }
}
