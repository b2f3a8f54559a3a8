/**
 * The settings of a repository, read by hand because git itself would go by them: every variable with its full name,
 * section and key in lower case. Undefined when a line is none that git would know.
 */
export function gitSettings(text: string): readonly (readonly [key: string, value: string])[] | undefined {
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

const SECTION = /^\s*\[\s*([A-Za-z0-9.-]+)\s*(?:"((?:[^"\\\n]|\\.)*)"\s*)?\]/
const VARIABLE = /^\s*([A-Za-z][A-Za-z0-9-]*)[ \t]*(?:=[ \t]*(.*))?$/

/** Lines, those together that a backslash at their end joins; one in a comment joins nothing. */
function joined(text: string): string[] {
  const lines: string[] = []
  let open = ""
  let isQuoted = false
  for (const line of text.replace(/^\u{feff}/u, "").split(/\r?\n/)) {
    const end = endOf(line, isQuoted)
    isQuoted = end.isQuoted && end.isContinued
    open += end.isContinued ? line.slice(0, -1) : line
    if (end.isContinued) continue
    lines.push(open)
    open = ""
  }
  return open === "" ? lines : [...lines, open]
}

/** Whether the next line goes on with this one, and whether in quotes. */
function endOf(line: string, wasQuoted: boolean): { readonly isContinued: boolean; readonly isQuoted: boolean } {
  let isQuoted = wasQuoted
  for (let at = 0; at < line.length; at++) {
    const character = line[at]
    if (character === "\\" && ++at === line.length) return { isContinued: true, isQuoted }
    if (character === '"') isQuoted = !isQuoted
    if (!isQuoted && (character === "#" || character === ";")) break
  }
  return { isContinued: false, isQuoted }
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
