import { namesOf } from "../flags.ts"
import { UsageError } from "../usage.ts"
import type { Run, Verb } from "../verb.ts"

const SHELLS = { bash, zsh, fish } as const

export const run: Run = async ({ io, words, table }) => {
  const [shell = "bash"] = words
  if (!(shell in SHELLS))
    throw new UsageError(`No completion for ${shell}; there is one for ${Object.keys(SHELLS).join(", ")}.`)
  io.out(SHELLS[shell as keyof typeof SHELLS](table.verbs))
  return 0
}

function flagNames(verb: Verb | undefined): string {
  return [...new Set((verb?.flags ?? []).flatMap(namesOf))].join(" ")
}

function bash(verbs: readonly Verb[]): string {
  const first = `${verbs.flatMap((verb) => [verb.name, ...(verb.aliases ?? [])]).join(" ")} ${flagNames(verbs[0])}`
  const cases = verbs.map(
    (verb) => `    ${[verb.name, ...(verb.aliases ?? [])].join("|")}) words="${flagNames(verb)}" ;;`,
  )
  return `_skein() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="${first}" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${first}"
  if [ "\${word#-}" = "$word" ] && [ "$COMP_CWORD" -gt 1 ]; then COMPREPLY=($(compgen -f -- "$word"))
  else COMPREPLY=($(compgen -W "$words" -- "$word")); fi
}
complete -F _skein skein`
}

function zsh(verbs: readonly Verb[]): string {
  return `#compdef skein
autoload -U +X bashcompinit && bashcompinit
${bash(verbs)}`
}

function fish(verbs: readonly Verb[]): string {
  const quote = (text: string) => `'${text.replaceAll("'", "\\'")}'`
  const lines = verbs.flatMap((verb) => [
    `complete -c skein -n __fish_use_subcommand -a ${verb.name} -d ${quote(verb.summary)}`,
    ...verb.flags.map((flag) => {
      const short = flag.short === undefined ? "" : ` -s ${flag.short}`
      const value = flag.kind === "boolean" ? "" : " -r"
      return `complete -c skein -n '__fish_seen_subcommand_from ${verb.name}' -l ${flag.name}${short}${value} -d ${quote(flag.summary)}`
    }),
  ])
  return lines.join("\n")
}
