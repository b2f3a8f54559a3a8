import type { SimpleCommand } from "@skein/core/ports"

type Judged = Omit<SimpleCommand, "pattern">

interface Kept {
  /** How many words behind the program say what is done; or only all of them do. */
  readonly keeps?: number | "all"
  readonly keepsOptions?: boolean
}

/** Asked about every time: one yes says nothing about the next. */
const EACH_TIME: ReadonlySet<string> = new Set(
  `sh bash dash zsh ksh fish eval source . exec trap alias xargs parallel curl wget ssh scp sftp rsync nc socat telnet
  python python2 python3 perl ruby php lua awk gawk mawk sed tee dd mv cp ln install env sudo find`.split(/\s+/),
)

/**
 * The narrowest pattern that "always" would be worth: the words that say what is done, with ` *` for those that only
 * say to what. Undefined for what is to be asked every time.
 */
export function patternFor(command: Judged, { keeps, keepsOptions }: Kept): string | undefined {
  const { argv, risks, powerful, assigns } = command
  if (keeps === undefined || powerful.length > 0 || assigns.length > 0) return undefined
  if (risks.some((risk) => risk === "destroy" || risk === "escalate" || risk === "publish")) return undefined
  const [program] = argv
  if (
    program === undefined ||
    (EACH_TIME.has(program) && risks[0] !== "read" && keeps !== "all" && keepsOptions !== true)
  )
    return undefined
  if (program === ":" || command.text === "") return undefined
  // Without the words that say what is done, it is this command alone.
  const isWhole = keeps === "all" || argv.length <= keeps
  const kept = isWhole ? argv : argv.slice(0, 1 + keeps)
  if (!kept.every((word) => word !== undefined && PLAIN.test(word))) return undefined
  // An option among the words that name it could stand for anything.
  if (!isWhole && keepsOptions !== true && kept.slice(1).some((word) => word?.startsWith("-"))) return undefined
  const words = kept.join(" ")
  return isWhole ? words : `${words} *`
}

/** Words that stand for themselves in a rule. */
const PLAIN = /^[\w./:@%+,=-]+$/
