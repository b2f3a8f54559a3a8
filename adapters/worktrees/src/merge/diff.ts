import type { Version } from "./version.ts"

const EDITS_MAX = 1_000
const CHARACTERS_MAX = 20_000

/** A unified diff of two versions of a file, for who is asked about it; a word where it is no text or too much. */
export async function diffOf(path: string, before: Version, after: Version): Promise<string> {
  const [old, next] = [textOf(before), textOf(after)]
  if (old === undefined || next === undefined) return `${path}: not a text\n`
  const { createTwoFilesPatch } = await import("diff")
  const [from, to] = [before.kind === "none" ? "/dev/null" : path, after.kind === "none" ? "/dev/null" : path]
  const patch = createTwoFilesPatch(from, to, old, next, "", "", { context: 3, maxEditLength: EDITS_MAX })
  if (patch === undefined) return `${path}: rewritten, ${next.split("\n").length} lines\n`
  const text = patch.replace(/^=+\n/, "")
  return text.length <= CHARACTERS_MAX ? text : `${text.slice(0, CHARACTERS_MAX)}\n… (cut)\n`
}

function textOf(version: Version): string | undefined {
  if (version.kind === "none") return ""
  if (version.kind === "other" || version.bytes.includes(0)) return undefined
  return new TextDecoder().decode(version.bytes)
}
