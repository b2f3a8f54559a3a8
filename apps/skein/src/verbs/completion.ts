import { namesOf } from "../flags.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"
import { VERBS } from "../verbs.ts"

const SHELLS = { bash, zsh, fish } as const

export const run: Run = async ({ io, words }) => {
  const [shell = "bash"] = words
  if (!(shell in SHELLS))
    throw new UsageError(`No completion for ${shell}; there is one for ${Object.keys(SHELLS).join(", ")}.`)
  io.out(SHELLS[shell as keyof typeof SHELLS]())
  return 0
}

const verbNames = () => VERBS.flatMap((verb) => [verb.name, ...(verb.aliases ?? [])])
const flagNames = (flags: (typeof VERBS)[number]["flags"]) => [...new Set(flags.flatMap(namesOf))].join(" ")

function bash(): string {
  const cases = VERBS.map(
    (verb) => `    ${[verb.name, ...(verb.aliases ?? [])].join("|")}) words="${flagNames(verb.flags)}" ;;`,
  )
  return `_skein() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="${verbNames().join(" ")} ${flagNames(VERBS[0]?.flags ?? [])}" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${verbNames().join(" ")} ${flagNames(VERBS[0]?.flags ?? [])}"
  if [ "\${word#-}" = "$word" ] && [ "$COMP_CWORD" -gt 1 ]; then COMPREPLY=($(compgen -f -- "$word"))
  else COMPREPLY=($(compgen -W "$words" -- "$word")); fi
}
complete -F _skein skein`
}

function zsh(): string {
  return `#compdef skein
autoload -U +X bashcompinit && bashcompinit
${bash()}`
}

function fish(): string {
  const quote = (text: string) => `'${text.replaceAll("'", "\\'")}'`
  const lines = VERBS.flatMap((verb) => [
    `complete -c skein -n __fish_use_subcommand -a ${verb.name} -d ${quote(verb.summary)}`,
    ...verb.flags.map((flag) => {
      const short = flag.short === undefined ? "" : ` -s ${flag.short}`
      const value = flag.kind === "boolean" ? "" : " -r"
      return `complete -c skein -n '__fish_seen_subcommand_from ${verb.name}' -l ${flag.name}${short}${value} -d ${quote(flag.summary)}`
    }),
  ])
  return lines.join("\n")
}
