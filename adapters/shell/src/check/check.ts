import { SHELLS } from "../run/wrappers.ts"
import type { Node } from "../syntax/nodes.ts"
import { parse } from "../syntax/parse.ts"
import { isShowing, namesIn } from "./options.ts"
import { type Part, partsOf } from "./parts.ts"
import {
  BUILD_UNNAMED,
  CHANGING_NAMES,
  CHECKERS,
  CHECKING_FLAGS,
  CHECKING_NAMES,
  CHECKING_WORDS,
  INTERPRETERS,
  OTHER_WORDS,
  SCRIPT_RUNNERS,
  TASKS,
  WRAPPERS,
} from "./programs.ts"

/**
 * Whether a script tests, checks types, builds or lints, so that its exit code says how that went. A script that hides the
 * code of what checks (behind a pipe, `||`, `;` or `&`) is none, and neither is one that only names a check, looks at what
 * it would do, or changes files. `named`: commands that the settings say are checks, as `make accept`, with whatever follows.
 */
export function isCheck(script: Node, named: readonly string[] = []): boolean {
  const parts = partsOf(script)
  if (parts === undefined || parts.some(endsTrust)) return false
  const known = named.map(wordsOfNamed)
  const checks = ({ words }: Part) => isChecking(words, named, known)
  const joined = endsAtFailure(parts[0]) ? parts.map(strictly) : parts
  const from = joined.findLastIndex(({ next }, at) => next === ";" && at < joined.length - 1) + 1
  const told = joined.slice(from)
  if (joined.slice(0, from).some(checks) || !told.every(({ next }) => TELLING.has(next))) return false
  const checking = told.filter(checks)
  return checking.length > 0 && checking.every(({ isKnown }) => isKnown)
}

/** The code of the command before it is that of the line, where it is a failure. */
const TELLING: ReadonlySet<string> = new Set(["&&", ";", ""])

/** What follows may not run, may be something else by the same name, or its failure may not count. */
const TRUST_ENDS: ReadonlySet<string> = new Set(
  "exit return break continue exec trap alias unalias eval enable hash coproc".split(" "),
)

function endsTrust({ words: [program = "", ...args] }: Part): boolean {
  return TRUST_ENDS.has(program) || (program === "set" && args.some((arg) => arg.startsWith("+")))
}

/** `set -e`: the first failure is the line's. */
function endsAtFailure(first: Part | undefined): boolean {
  const [program, flags = ""] = first?.words ?? []
  return program === "set" && /^-\w*e/.test(flags)
}

function strictly(part: Part): Part {
  return part.next === ";" ? { ...part, next: "&&" } : part
}

/** The words of one simple command; none of what is no such thing. */
function wordsOfNamed(named: string): readonly string[] {
  const parts = read(named) ?? []
  return parts.length === 1 ? (parts[0]?.words ?? []) : []
}

function read(line: string): readonly Part[] | undefined {
  const parsed = parse(line, undefined)
  return parsed.kind === "script" ? partsOf(parsed.script) : undefined
}

function isChecking(
  words: readonly string[],
  named: readonly string[],
  known: readonly (readonly string[])[],
): boolean {
  const own = unwrapped(words)
  const [program = "", ...args] = own
  const name = nameOf(program)
  if (isShowing(name, args)) return false
  if (known.some((begun) => begun.length > 0 && begun.every((word, at) => own[at] === word))) return true
  const flags = CHECKING_FLAGS.get(name)
  if (flags !== undefined && args.some((arg) => flags.has(arg))) return !args.some((arg) => CHANGING_NAMES.has(arg))
  const names = namesIn(name, args)
  const [first = ""] = names
  if (CHECKERS.has(name)) return OTHER_WORDS.get(name)?.has(first) !== true
  if (CHECKING_WORDS.get(name)?.has(first) === true) return OTHER_WORDS.get(name)?.has(names[1] ?? "") !== true
  if (SCRIPT_RUNNERS.has(name) && isScriptRun(name, names)) return true
  if (TASKS.has(name)) return names.length === 0 ? BUILD_UNNAMED.has(name) : names.some(isCheckingName)
  if (INTERPRETERS.has(name)) return isInterpreted(name, args, named)
  return program.includes("/") && isCheckingName(name)
}

/** Without what only starts another: `timeout 60 npx tsc` is `tsc`. None of what only looks another up: `command -v tsc`. */
function unwrapped(words: readonly string[]): readonly string[] {
  let own = words
  for (let times = 0; times < WRAPPERS_MAX; times++) {
    const inner = innerOf(own)
    if (inner === undefined) return own
    own = inner
  }
  return []
}

const WRAPPERS_MAX = 12

/** The words without the first of such, or undefined where there is none. */
function innerOf(words: readonly string[]): readonly string[] | undefined {
  const [first = "", second = "", third = ""] = words
  if (/^\w+=/.test(first)) return words.slice(1)
  if (first === "timeout") return words.slice(words.findIndex((word) => /^[\d.]+[smhd]?$/.test(word)) + 1 || 1)
  if (/^(python|pypy)[\d.]*$/.test(first) && second === "-m") return [third, ...words.slice(3)]
  const wrapper = WRAPPERS.find((prefix) => prefix.every((word, at) => words[at] === word))
  if (wrapper === undefined) return undefined
  const rest = words.slice(wrapper.length)
  const from = rest.findIndex((word) => !word.startsWith("-"))
  return from === -1 || rest.slice(0, from).some((flag) => LOOKS_UP.test(flag)) ? [] : rest.slice(from)
}

const LOOKS_UP = /^(?:-\w*[vVlh]\w*|--(?:version|help|list|validate|dry-run))$/

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf("/") + 1).replace(/\.(cmd|exe)$/, "")
}

function isScriptRun(runner: string, [verb = "", script = ""]: readonly string[]): boolean {
  if (verb === "run" || verb === "run-script") return isCheckingName(script)
  if (verb === "test" || verb === "t" || verb === "tst") return true
  // `npm build` is no script, and `ci` installs.
  return runner !== "npm" && verb !== "ci" && !verb.includes(".") && isCheckingName(verb)
}

/** A script by its file, a line given to a shell, or Django's `manage.py test`. */
function isInterpreted(name: string, args: readonly string[], named: readonly string[]): boolean {
  const at = args.findIndex((arg) => /^-\w*c$/.test(arg))
  if (at !== -1) return SHELLS.has(name) && isCheckedBy(args[at + 1] ?? "", named)
  const [file = "", ...rest] = args.filter((arg) => !arg.startsWith("-"))
  if (file === "run") return isInterpreted(name, rest, named)
  return nameOf(file) === "manage.py" ? isCheckingName(rest[0] ?? "") : isCheckingName(nameOf(file))
}

function isCheckedBy(code: string, named: readonly string[]): boolean {
  const parsed = parse(code, undefined)
  return parsed.kind === "script" && isCheck(parsed.script, named)
}

function isCheckingName(name: string): boolean {
  const parts = name.toLowerCase().split(/[^a-z0-9]+/)
  return parts.some((part) => CHECKING_NAMES.has(part)) && !parts.some((part) => CHANGING_NAMES.has(part))
}
