import { RUNS_ITS_INPUT, type SimpleCommand } from "@skein/core/ports"
import type { Rule } from "@skein/protocol"
import { isExactLine, type PatternWord, patternWords, wordMatches, wordsMatch } from "./words.ts"

type Conditions = Pick<Rule, "command" | "prefix">

/** Programs that run the program their further words name. */
const WRAPPERS = new Set(
  "env timeout nohup command nice ionice sudo doas su exec builtin time stdbuf setsid xargs busybox toybox chroot unshare nsenter flock watch parallel strace ltrace gdb script eval coproc bash sh dash zsh ksh fish caffeinate taskset chrt prlimit numactl systemd-run pkexec runuser setarch linux64 torsocks proxychains firejail bwrap direnv mise asdf npx bunx".split(
    " ",
  ),
)

/**
 * Whether a rule that allows covers this simple command. A wildcard covers further plain words only: never options that
 * run or write something else, never a variable set for the command, never what the program takes away by an option.
 */
export function allowsCommand(rule: Conditions, command: SimpleCommand): boolean {
  if (command.assigns.length > 0 || command.argv.some((word) => word === undefined)) return false
  const words = rule.command === undefined ? undefined : patternWords(rule.command)
  if (words !== undefined && isLiteral(words))
    return wordsMatch(words, command.argv) && !command.powerful.some(isBesideWords)
  if (command.powerful.length > 0) return false
  const isCovered =
    words === undefined ? rule.command === undefined && hasPrefix(rule, command.argv) : wordsMatch(words, command.argv)
  return isCovered && !isWorseThanSaid(command, literalsOf(words, rule.prefix))
}

/**
 * Whether a rule that asks or denies speaks of this simple command, however it is spelled: by path, behind a wrapper, in
 * other quotes. A word that is only known when the line runs may be any word.
 */
export function speaksOfCommand(rule: Conditions, { argv, text }: SimpleCommand): boolean {
  if (rule.command !== undefined && isExactLine(rule.command, text)) return true
  const words = rule.command === undefined ? undefined : patternWords(rule.command)
  const starts = isWrapper(argv[0]) ? argv.map((_, at) => at) : [0]
  return starts.some((at) => {
    const spoken = argv.slice(at)
    if (words !== undefined) return strictWords(words, spoken)
    return rule.prefix !== undefined && strictPrefix(rule.prefix, spoken)
  })
}

/** Whether a rule that asks or denies may speak of a line that is not understood: its words occur in it, in their order. */
export function mayBeIn(rule: Conditions, line: string): boolean {
  if (rule.command !== undefined && isExactLine(rule.command, line)) return true
  const plain = line.replace(/\\\r?\n/g, "").replace(/['"\\]/g, "")
  const words = rule.command === undefined ? undefined : patternWords(rule.command)
  const wanted: readonly (readonly string[])[] =
    words === undefined
      ? (rule.prefix ?? []).map((choice) => (typeof choice === "string" ? [choice] : choice))
      : words.flatMap(({ pieces }) => {
          const longest = pieces.toSorted((a, b) => b.length - a.length)[0] ?? ""
          return longest === "" ? [] : [[longest]]
        })
  let from = 0
  return wanted.every((choice) => {
    const found = choice.map((word) => plain.indexOf(word, from)).filter((at) => at >= 0)
    if (found.length === 0) return false
    from = Math.min(...found) + 1
    return true
  })
}

/** A file it is given, or code it is fed: its words say nothing of either. */
function isBesideWords(power: string): boolean {
  return power === RUNS_ITS_INPUT || /^(?:\d+|\{\w+\}|&)?[<>]/.test(power)
}

function hasPrefix({ prefix }: Conditions, argv: SimpleCommand["argv"]): boolean {
  if (prefix === undefined || prefix.length > argv.length) return false
  return prefix.every((choice, at) => isOneOf(choice, argv[at]))
}

function isOneOf(choice: string | readonly string[], word: string | undefined): boolean {
  return typeof choice === "string" ? choice === word : word !== undefined && choice.includes(word)
}

function strictWords(pattern: readonly PatternWord[], argv: SimpleCommand["argv"]): boolean {
  const [program, ...rest] = pattern
  const [head, ...others] = argv
  if (program === undefined || argv.length === 0) return false
  if (head !== undefined && !program.isRest && !wordMatches(program, programOf(head), isSameFolded)) {
    if (!wordMatches(program, head, isSameFolded)) return false
  }
  return looseWords(rest, program.isRest ? argv : others)
}

/** As `wordsMatch`, where an unknown word may be any, and options may stand between the words that are meant. */
function looseWords(pattern: readonly PatternWord[], words: SimpleCommand["argv"]): boolean {
  const [head, ...rest] = pattern
  if (head === undefined) return words.length === 0
  if (head.isRest) return rest.length === 0 || words.some((_, at) => looseWords(rest, words.slice(at)))
  const [word, ...others] = words
  if (words.length === 0) return false
  if (word === undefined) return true
  const letters = lettersOf(head.pieces.length === 1 ? head.pieces[0] : undefined)
  if (letters.length > 0 && letters.every((letter) => words.some((given) => lettersOf(given).includes(letter)))) {
    // `-rf`, `-fr` and `-r x -f` say the same.
    return looseWords(
      rest,
      words.filter((given) => lettersOf(given).length === 0),
    )
  }
  if (wordMatches(head, word, (piece, given) => piece === given) && looseWords(rest, others)) return true
  // `git -C x push` is a push: an option and what may be its value are passed over.
  if (!word.startsWith("-")) return false
  return looseWords(pattern, others) || (others.length > 0 && looseWords(pattern, others.slice(1)))
}

/** The letters of `-rf`; none of anything else. */
function lettersOf(word: string | undefined): readonly string[] {
  return word !== undefined && /^-[A-Za-z]+$/.test(word) ? [...word.slice(1)] : []
}

function strictPrefix(prefix: NonNullable<Rule["prefix"]>, argv: SimpleCommand["argv"]): boolean {
  const words = prefix.map((choice) => (typeof choice === "string" ? [choice] : choice))
  const rest = { pieces: ["", ""], isRest: true }
  return combinations(words).some((choice) =>
    strictWords([...choice.map((word) => ({ pieces: [word], isRest: false })), rest], argv),
  )
}

/** Enough for every policy that a person writes; what is beyond is taken as its first word alone, which is stricter. */
const COMBINATIONS_MAX = 512

function combinations(choices: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const count = choices.reduce((product, choice) => product * choice.length, 1)
  if (count > COMBINATIONS_MAX) return (choices[0] ?? []).map((word) => [word])
  return choices.reduce<readonly (readonly string[])[]>(
    (all, choice) => all.flatMap((begun) => choice.map((word) => [...begun, word])),
    [[]],
  )
}

const isLiteral = (words: readonly PatternWord[]) => words.every(({ pieces }) => pieces.length === 1)

function literalsOf(words: readonly PatternWord[] | undefined, prefix: Rule["prefix"]): readonly string[] {
  return [...(words ?? []).flatMap(({ pieces }) => pieces), ...(prefix ?? []).flat()]
}

/**
 * `git push *` is no leave to push with force: where words under the wildcard take something away or give more rights,
 * the rule has to say those words itself.
 */
function isWorseThanSaid({ argv, risks }: SimpleCommand, said: readonly string[]): boolean {
  if (!risks.some((risk) => risk === "destroy" || risk === "escalate")) return false
  const isGit = programOf(argv[0] ?? "") === "git"
  return argv.some(
    (word, at) => at > 0 && word !== undefined && !said.includes(word) && (isGit || word.startsWith("-")),
  )
}

const isWrapper = (word: string | undefined) => word === undefined || WRAPPERS.has(programOf(word))

const isSameFolded = (piece: string, word: string) => piece.toLowerCase() === word.toLowerCase()

/** `/usr/bin/git` and `\git` are git. */
export function programOf(word: string): string {
  return (word.split("/").at(-1) ?? word).replace(/^\\/, "")
}
