import { gitSettings } from "@skein/core/ports"
import { bound, type Item, quoted } from "../item.ts"

/**
 * Settings of a repository that make git run a program, read further settings, or talk to another place. Read by hand: git
 * itself would go by them. The whole file when it cannot be taken apart without doubt.
 */
export function gitConfigItems(name: string, text: string): Item[] {
  const settings = gitSettings(text)
  if (settings === undefined)
    return [bound("git", name, text, "It cannot be read as git's settings without doubt, so it counts as a whole.")]
  const byKey = new Map<string, string[]>()
  for (const [key, value] of settings) {
    if (!isActive(key, value)) continue
    const values = byKey.get(key) ?? []
    byKey.set(key, values)
    values.push(value)
  }
  return [...byKey].map(([key, values]) =>
    bound(
      "git",
      `${name}#${key}`,
      JSON.stringify(values),
      `${deed(key)} ${values.map(quoted).join(", ")} when git is used here.`,
    ),
  )
}

/** Runs something with any value that is no switch. */
const RUNS: readonly RegExp[] = [
  /^core\.(fsmonitor|hookspath|sshcommand|pager|editor|askpass|gitproxy|alternaterefscommand)$/,
  /^(credential|pager|alias|hook|sendemail|guitool|browser|man|tar|trailer|instaweb|imap|gpg|ssh)\b/,
  /^credential\..*\.helper$/,
  /^filter\..*\.(clean|smudge|process)$/,
  /^diff\.(external$|.*\.(command|textconv|external)$)/,
  /^merge\..*\.driver$/,
  /^(difftool|mergetool)\..*\.(cmd|path)$/,
  /^(sequence\.editor|interactive\.difffilter|init\.templatedir|gc\.recentobjectshook|web\.browser)$/,
  /^remote\..*\.(uploadpack|receivepack|vcs)$/,
  /^uploadpack\.packobjectshook$/,
  /^lfs\.(customtransfer\..*|standalonetransferagent|extension\..*)$/,
]
const READS = /^(include|includeif\..*)\.path$|^core\.worktree$/
const SENDS =
  /^(http\b.*|url\..*\.(insteadof|pushinsteadof)|remote\..*\.proxy|protocol\..*|protocol\.allow|lfs\..*url|core\.gitproxy)$/

function isActive(key: string, value: string): boolean {
  if (key === "core.fsmonitor" || key.startsWith("pager.")) return !isSwitch(value)
  if (/^submodule\..*\.update$/.test(key)) return value.startsWith("!")
  // `ext::command`, and what a program would take for an option.
  if (/^(remote|submodule)\..*\.(url|pushurl)$/.test(key)) return /^\w[\w+.-]*::|^-/.test(value)
  if (/^gpg\b|^ssh\b/.test(key)) return /(program|command)$/.test(key)
  return value !== "" && [...RUNS, READS, SENDS].some((pattern) => pattern.test(key))
}

function isSwitch(value: string): boolean {
  return /^(true|false|yes|no|on|off|0|1|)$/i.test(value)
}

function deed(key: string): string {
  if (READS.test(key)) return "Takes in"
  return SENDS.test(key) ? "Sends git's requests by" : "Runs"
}
