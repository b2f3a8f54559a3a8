import { bound, type Item, quoted } from "../item.ts"

/**
 * Settings of a repository that make git run a program, read further settings, or talk to another place. Read by hand: git
 * itself would go by them. The whole file when it cannot be taken apart without doubt.
 */
export function gitConfigItems(name: string, text: string): Item[] {
  const settings = parsedGitConfig(text)
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

const SECTION = /^\s*\[\s*([A-Za-z0-9.-]+)\s*(?:"((?:[^"\\\n]|\\.)*)"\s*)?\]/
const VARIABLE = /^\s*([A-Za-z][A-Za-z0-9-]*)[ \t]*(?:=[ \t]*(.*))?$/

/** Every variable with its full name, section and key in lower case. Undefined when a line is none that git would know. */
export function parsedGitConfig(text: string): readonly (readonly [key: string, value: string])[] | undefined {
  const settings: (readonly [string, string])[] = []
  let section = ""
  for (const raw of joined(text)) {
    let line = raw
    for (let header = SECTION.exec(line); header !== null; header = SECTION.exec(line)) {
      const [whole, name = "", sub] = header
      section = sub === undefined ? name.toLowerCase() : `${name.toLowerCase()}.${sub.replaceAll(/\\(.)/g, "$1")}`
      line = line.slice(whole.length)
    }
    if (/^\s*([#;].*)?$/.test(line)) continue
    const [, key, value] = VARIABLE.exec(line) ?? []
    if (key === undefined || section === "") return undefined
    settings.push([`${section}.${key.toLowerCase()}`, value === undefined ? "true" : unquoted(value)])
  }
  return settings
}

/** Lines, those together that a backslash at their end joins; a comment is not joined. */
function joined(text: string): string[] {
  const lines: string[] = []
  let open = ""
  for (const line of text.replace(/^\u{feff}/u, "").split(/\r?\n/)) {
    const isComment = open === "" && /^\s*[#;]/.test(line)
    const isContinued = !isComment && /(^|[^\\])(\\\\)*\\$/.test(line)
    if (isContinued) open += line.slice(0, -1)
    else {
      lines.push(open + line)
      open = ""
    }
  }
  return open === "" ? lines : [...lines, open]
}

/** A value without its quotes, its comment and the space at its end. */
function unquoted(value: string): string {
  let text = ""
  let isQuoted = false
  for (let at = 0; at < value.length; at++) {
    const character = value[at] ?? ""
    if (character === "\\") text += ESCAPES[value[++at] ?? ""] ?? value[at] ?? ""
    else if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && (character === "#" || character === ";")) break
    else text += character
  }
  return text.trimEnd()
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b" }
