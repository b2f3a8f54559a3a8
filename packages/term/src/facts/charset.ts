type Env = Readonly<Record<string, string | undefined>>

/**
 * Whether the terminal draws what is written in UTF-8, as the environment says. The locale has the first word if it names a
 * character set. Where it names none (`C`, `POSIX`, or nothing at all, as in most containers) the terminal has: each of today
 * draws UTF-8 but the console of Linux, whose font has few signs, plain ones, and those that are older than UTF-8. tmux and
 * screen go by that same locale themselves, so inside of them it has the last word too.
 */
export function drawsUtf8(env: Env): boolean {
  const charset = charsetOf(env)
  if (charset !== undefined) return /^utf-?8$/i.test(charset)
  if (env.TMUX || env.STY) return false
  const { TERM = "" } = env
  return TERM === "" ? Boolean(env.WT_SESSION || env.TERM_PROGRAM) : !OTHERS.test(TERM)
}

/** What of the locale's parts is set first counts. */
export function localeOf({ LC_ALL, LC_CTYPE, LANG }: Env): string {
  return LC_ALL || LC_CTYPE || LANG || ""
}

const OTHERS = /^(?:linux|dumb|unknown|ansi|cons25|sun|wyse|vt\d)/

/** `de_DE.ISO-8859-1@euro` names one; macOS sets `UTF-8` alone. */
function charsetOf(env: Env): string | undefined {
  const locale = localeOf(env)
  const [, named] = /\.([^@]*)/.exec(locale) ?? []
  return named ?? (/^utf-?8$/i.test(locale) ? locale : undefined)
}
