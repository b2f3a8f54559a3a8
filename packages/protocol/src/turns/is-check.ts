import {
  BUILD_UNNAMED,
  CHANGING_NAMES,
  CHECKERS,
  CHECKING_FLAGS,
  CHECKING_NAMES,
  CHECKING_WORDS,
  INTERPRETERS,
  NOT_CHECKING,
  SCRIPT_RUNNERS,
  TASKS,
  VALUED,
  WRAPPERS,
} from "./check-programs.ts"
import { type LinePart, partsOf } from "./line.ts"

/**
 * Whether a shell line tests, checks types, builds or lints, so that its exit code says how that went. A line that hides the
 * code of what checks (behind a pipe, `||`, `;` or `&`) is none, and neither is one that only names a check or changes files.
 * `named`: commands that the settings say are checks, as `make accept`, with whatever follows.
 */
export function isCheck(line: string, named: readonly string[] = []): boolean {
  const known = named.map(wordsOfNamed)
  const checks = (words: readonly string[]) => isChecking(words, named, known)
  const parts = partsOf(line)
  if (parts === undefined) return false
  const joined = endsAtFailure(parts[0]) ? parts.map(strictly) : parts
  const from = joined.findLastIndex(({ next }, at) => next === ";" && at < joined.length - 1) + 1
  const isHidden = joined.slice(0, from).some(({ words }) => checks(words))
  const told = joined.slice(from)
  return !isHidden && told.every(({ next }) => TELLING.has(next)) && told.some(({ words }) => checks(words))
}

/** The code of the command before it is that of the line, where it is a failure. */
const TELLING: ReadonlySet<string> = new Set(["&&", ";", ""])

/** `set -e`: the first failure is the line's. */
function endsAtFailure(first: LinePart | undefined): boolean {
  const [program, flags = ""] = first?.words ?? []
  return program === "set" && /^-\w*e/.test(flags)
}

function strictly(part: LinePart): LinePart {
  return part.next === ";" ? { ...part, next: "&&" } : part
}

/** The words of one simple command; none of what is no such thing. */
function wordsOfNamed(named: string): readonly string[] {
  const parts = partsOf(named) ?? []
  return parts.length === 1 ? (parts[0]?.words ?? []) : []
}

function isChecking(
  words: readonly string[],
  named: readonly string[],
  known: readonly (readonly string[])[],
): boolean {
  const own = unwrapped(words)
  const [program = "", ...args] = own
  const name = nameOf(program)
  if (args.some((arg) => NOT_CHECKING.has(arg))) return false
  if (known.some((begun) => begun.length > 0 && begun.every((word, at) => own[at] === word))) return true
  const flags = CHECKING_FLAGS[name]
  if (flags !== undefined && args.some((arg) => flags.has(arg))) return true
  if (CHECKERS.has(name)) return true
  const names = namesIn(args)
  if (CHECKING_WORDS[name]?.has(names[0] ?? "") === true) return true
  if (SCRIPT_RUNNERS.has(name) && isScriptRun(name, names)) return true
  if (TASKS.has(name)) return names.length === 0 ? BUILD_UNNAMED.has(name) : names.some(isCheckingName)
  if (INTERPRETERS.has(name)) return isInterpreted(args, named)
  return program.includes("/") && isCheckingName(name)
}

/** Without assignments and what only starts another: `CI=1 timeout 60 npx tsc` is `tsc`. */
function unwrapped(words: readonly string[]): readonly string[] {
  const [first = "", second = "", third = ""] = words
  if (/^\w+=/.test(first)) return unwrapped(words.slice(1))
  if (first === "timeout")
    return unwrapped(words.slice(words.findIndex((word) => /^[\d.]+[smhd]?$/.test(word)) + 1 || 1))
  if (/^(python|pypy)[\d.]*$/.test(first) && second === "-m") return [third, ...words.slice(3)]
  const wrapper = WRAPPERS.find((prefix) => prefix.every((word, at) => words[at] === word))
  if (wrapper === undefined) return words
  const rest = words.slice(wrapper.length)
  const from = rest.findIndex((word) => !word.startsWith("-"))
  return unwrapped(from === -1 ? [] : rest.slice(from))
}

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf("/") + 1).replace(/\.(cmd|exe)$/, "")
}

/** The words that are no flags, nor belong to one. */
function namesIn(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--")
  const own = end === -1 ? args : args.slice(0, end)
  return own.filter((arg, at) => !/^[-+]/.test(arg) && !VALUED.has(own[at - 1] ?? "") && !arg.includes("="))
}

function isScriptRun(runner: string, [verb = "", script = ""]: readonly string[]): boolean {
  if (verb === "run" || verb === "run-script") return isCheckingName(script)
  if (verb === "test" || verb === "t" || verb === "tst") return true
  // `npm build` is no script, and `ci` installs.
  return runner !== "npm" && verb !== "ci" && !verb.includes(".") && isCheckingName(verb)
}

/** A script by its file, a line given to a shell, or Django's `manage.py test`. */
function isInterpreted(args: readonly string[], named: readonly string[]): boolean {
  const at = args.findIndex((arg) => /^-\w*c$/.test(arg))
  if (at !== -1) return isCheck(args[at + 1] ?? "", named)
  const [file = "", ...rest] = args.filter((arg) => !arg.startsWith("-"))
  if (file === "run") return isInterpreted(rest, named)
  return nameOf(file) === "manage.py" ? isCheckingName(rest[0] ?? "") : isCheckingName(nameOf(file))
}

function isCheckingName(name: string): boolean {
  const parts = name.toLowerCase().split(/[^a-z0-9]+/)
  return parts.some((part) => CHECKING_NAMES.has(part)) && !parts.some((part) => CHANGING_NAMES.has(part))
}
