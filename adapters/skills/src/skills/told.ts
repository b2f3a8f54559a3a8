import type { GatheredSection, Skill } from "@skein/core/ports"

/** What all of them together may take before a conversation: about 3,500 tokens. */
const CHARS_MAX = 12_000
/** Of one; the rest of what it says of itself stands in its file. */
const DESCRIPTION_CHARS_MAX = 300
/** Shorter, a description says nothing. */
const DESCRIPTION_CHARS_MIN = 60

/**
 * Which skills there are, for a model: a name and a description each, the same bytes while nothing changes. Where there are
 * more than fit, descriptions are shortened first, then only names stand; undefined where there is none to tell of. Those
 * that only a person begins, and those that are built in, which the tool itself names, are not told.
 */
export function toldOf(skills: readonly Skill[]): GatheredSection | undefined {
  const told = skills.filter(({ scope, isByPersonOnly }) => scope !== "builtin" && !isByPersonOnly)
  if (told.length === 0) return undefined
  const lines = fitted(told.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  const text = [HEAD, ...lines].join("\n")
  const sha256 = Bun.CryptoHasher.hash("sha256", text, "hex")
  return { source: "skills", text, sha256, bytes: Buffer.byteLength(text) }
}

const HEAD =
  "Skills: knowledge for kinds of work. Where one fits what is asked, open it with the tool skill before you begin, and go by it."

function fitted(skills: readonly Skill[]): readonly string[] {
  for (const most of [DESCRIPTION_CHARS_MAX, 150, DESCRIPTION_CHARS_MIN]) {
    const lines = skills.map(({ name, description }) => `- ${name}: ${shortly(description, most)}`)
    if (lengthOf(lines) <= CHARS_MAX) return lines
  }
  return namesOnly(skills)
}

/** The first ones as they fit, with as much as says something; of the others how many there are. */
function namesOnly(skills: readonly Skill[]): readonly string[] {
  const lines: string[] = []
  let left = CHARS_MAX
  for (const { name, description } of skills) {
    const line = `- ${name}: ${shortly(description, DESCRIPTION_CHARS_MIN)}`
    if (line.length > left) break
    left -= line.length + 1
    lines.push(line)
  }
  return [...lines, `(${skills.length - lines.length} more: the tool skill finds them with "search")`]
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0)
}

function shortly(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1).toWellFormed()}…`
}
