import { type Flag, namesOf } from "../flags.ts"
import { UsageError } from "../usage.ts"
import type { Run, Verb } from "../verb.ts"

const SHELLS = { bash, zsh, fish, elvish, powershell } as const

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

/** What may follow a line's words so far, for shells that are given it as a table: the words before it, joined by a blank. */
function rows(verbs: readonly Whole[]): readonly (readonly [string, readonly string[]])[] {
  const front = verbs[0]
  const names = (all: readonly Verb[]) => all.flatMap(wordsOf)
  const flags = (verb: Verb | undefined) => [...new Set((verb?.flags ?? []).flatMap(namesOf))]
  return [
    ["", [...names(verbs), ...flags(front)]],
    ...verbs.flatMap((verb) =>
      wordsOf(verb).flatMap((word) => [
        [word, [...names(verb.insides), ...flags(verb)]] as const,
        ...verb.insides.flatMap((inside) => wordsOf(inside).map((next) => [`${word} ${next}`, flags(inside)] as const)),
      ]),
    ),
  ]
}

function elvish(verbs: readonly Whole[]): string {
  const table = rows(verbs).map(([line, words]) => `  &${single(line)}=[${words.map(single).join(" ")}]`)
  return `use str
var skein-words = [
${table.join("\n")}
]
fn skein-complete {|@words|
  var plain = []
  for word $words[1..-1] { if (not (str:has-prefix $word '-')) { set plain = [$@plain $word] } }
  while (not (has-key $skein-words (str:join ' ' $plain))) { set plain = $plain[..-1] }
  all $skein-words[(str:join ' ' $plain)]
}
set edit:completion:arg-completer[skein] = $skein-complete~`
}

function powershell(verbs: readonly Whole[]): string {
  const table = rows(verbs).map(([line, words]) => `    ${single(line)} = @(${words.map(single).join(", ")})`)
  return `Register-ArgumentCompleter -Native -CommandName skein -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $table = @{
${table.join("\n")}
  }
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '' -and $words.Count -gt 0) { $words = @($words | Select-Object -SkipLast 1) }
  $plain = @($words | Where-Object { -not $_.StartsWith('-') })
  while ($plain.Count -gt 0 -and -not $table.ContainsKey($plain -join ' ')) { $plain = @($plain | Select-Object -SkipLast 1) }
  $table[($plain -join ' ')] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}`
}

/** A text as elvish and PowerShell have it: a quote within it is doubled. */
function single(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

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
