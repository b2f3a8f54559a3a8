import { type Flag, namesOf } from "../flags.ts"
import { UsageError } from "../usage.ts"
import type { Run, Verb } from "../verb.ts"

const SHELLS = { bash, zsh, fish } as const

/** A verb with those that its next word may be. */
interface Whole extends Verb {
  readonly insides: readonly Verb[]
}

export const run: Run = async ({ io, words, table }) => {
  const [shell = "bash"] = words
  if (!(shell in SHELLS))
    throw new UsageError(`No completion for ${shell}; there is one for ${Object.keys(SHELLS).join(", ")}.`)
  const verbs = await Promise.all(table.verbs.map(async (verb) => ({ ...verb, insides: (await verb.inner?.()) ?? [] })))
  io.out(SHELLS[shell as keyof typeof SHELLS](verbs))
  return 0
}

function flagNames(verb: Verb | undefined): string {
  return [...new Set((verb?.flags ?? []).flatMap(namesOf))].join(" ")
}

const wordsOf = (verb: Verb) => [verb.name, ...(verb.aliases ?? [])]

const choicesOf = (flag: Flag) => (flag.kind === "string" ? (flag.choices ?? []) : [])

/** The front door: what `skein` is when its first word is no verb. */
const isFrontDoor = (verb: Verb, verbs: readonly Verb[]) => verb === verbs[0]

function bash(verbs: readonly Whole[]): string {
  const first = `${verbs.flatMap(wordsOf).join(" ")} ${flagNames(verbs[0])}`
  const flags = verbs.map((verb) => `    ${wordsOf(verb).join("|")}) words="${flagNames(verb)}"${bashInner(verb)} ;;`)
  return `_skein() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words values= inner=
  case "\${COMP_WORDS[1]}" in
${flags.join("\n")}
    *) words="${first}" ;;
  esac
  case "\${COMP_WORDS[1]} \${COMP_WORDS[2]-}" in
${verbs.flatMap(bashInsides).join("\n")}
  esac
  case "\${COMP_WORDS[1]} $before" in
${verbs.flatMap((verb) => bashValues(verb, isFrontDoor(verb, verbs))).join("\n")}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${first}"
  if [ -n "$values" ]; then COMPREPLY=($(compgen -W "$values" -- "$word"))
  elif [ "\${word#-}" = "$word" ] && [ "$COMP_CWORD" -eq 2 ] && [ -n "$inner" ]; then COMPREPLY=($(compgen -W "$inner" -- "$word"))
  elif [ "\${word#-}" = "$word" ] && [ "$COMP_CWORD" -gt 1 ]; then COMPREPLY=($(compgen -f -- "$word"))
  else COMPREPLY=($(compgen -W "$words" -- "$word")); fi
}
complete -F _skein skein`
}

function bashInner({ insides }: Whole): string {
  return insides.length === 0 ? "" : ` inner="${insides.flatMap(wordsOf).join(" ")}"`
}

/** The flags behind a second word. */
function bashInsides(verb: Whole): string[] {
  return verb.insides.map((inside) => {
    const patterns = wordsOf(verb).flatMap((head) => wordsOf(inside).map((word) => `${head}\\ ${word}`))
    return `    ${patterns.join("|")}) words="${flagNames(inside)}" ;;`
  })
}

/** The values a flag of this verb takes, where they are a set. A verb is told from the front door by a first dash. */
function bashValues(verb: Whole, isDoor: boolean): string[] {
  const heads = [...wordsOf(verb), ...(isDoor ? ["-*"] : [])]
  const flags = new Map(
    [...verb.flags, ...verb.insides.flatMap((inside) => inside.flags)].map((flag) => [flag.name, flag]),
  )
  return [...flags.values()].flatMap((flag) => {
    const choices = choicesOf(flag)
    if (choices.length === 0) return []
    const patterns = heads.flatMap((head) => namesOf(flag).map((name) => `${head}\\ ${name}`))
    return `    ${patterns.join("|")}) values="${choices.join(" ")}" ;;`
  })
}

function zsh(verbs: readonly Whole[]): string {
  return `#compdef skein
autoload -U +X bashcompinit && bashcompinit
${bash(verbs)}`
}

function fish(verbs: readonly Whole[]): string {
  const lines = verbs.flatMap((verb) => {
    const seen = `__fish_seen_subcommand_from ${wordsOf(verb).join(" ")}`
    const when = isFrontDoor(verb, verbs) ? `__fish_use_subcommand; or ${seen}` : seen
    return [
      `complete -c skein -n __fish_use_subcommand -a ${verb.name} -d ${quoted(verb.summary)}`,
      ...verb.flags.map((flag) => `complete -c skein -n ${quoted(when)} ${fishFlag(flag)}`),
      ...verb.insides.flatMap((inside) => fishInside(seen, inside, verb.insides)),
    ]
  })
  return lines.join("\n")
}

function fishInside(seen: string, inside: Verb, insides: readonly Verb[]): string[] {
  const others = `${seen}; and not __fish_seen_subcommand_from ${insides.flatMap(wordsOf).join(" ")}`
  const behind = `${seen}; and __fish_seen_subcommand_from ${wordsOf(inside).join(" ")}`
  return [
    `complete -c skein -n ${quoted(others)} -a ${inside.name} -d ${quoted(inside.summary)}`,
    ...inside.flags.map((flag) => `complete -c skein -n ${quoted(behind)} ${fishFlag(flag)}`),
  ]
}

function fishFlag(flag: Flag): string {
  const choices = choicesOf(flag)
  return [
    ...[flag.name, ...(flag.aliases ?? [])].map((name) => `-l ${name}`),
    ...(flag.short === undefined ? [] : [`-s ${flag.short}`]),
    ...(flag.kind === "boolean" ? [] : ["-r"]),
    ...(choices.length === 0 ? [] : ["-f", `-a ${quoted(choices.join(" "))}`]),
    `-d ${quoted(flag.summary)}`,
  ].join(" ")
}

const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`
