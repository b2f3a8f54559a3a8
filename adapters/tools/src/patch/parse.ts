import { ToolFailure } from "@skein/core/ports"
import { BEGIN, parseEnvelope } from "./envelope.ts"
import type { Patch } from "./operations.ts"
import { parseUnified } from "./unified.ts"

/** Reads either form. Throws ToolFailure that says which line cannot be read; nothing of such a patch is applied. */
export function parsePatch(text: string): Patch {
  const lines = unwrapped(text.replace(/\r\n?/g, "\n").split("\n"))
  if (lines.length === 0) throw new ToolFailure("The patch is empty. Nothing was written.")
  if (lines[0]?.trim() === BEGIN) return parseEnvelope(lines)
  if (lines.some((line) => line.startsWith("--- ") || line.startsWith("diff --git "))) return parseUnified(lines)
  throw new ToolFailure(
    `The patch begins with neither "${BEGIN}" nor the "--- " line of a unified diff. Nothing was written.`,
  )
}

/** Without blank lines around it, and without a shell's here-document or a fence that it was put into. */
function unwrapped(given: readonly string[]): readonly string[] {
  let lines = withoutBlankEnds(given)
  const [first = "", last = ""] = [lines[0], lines.at(-1)]
  const word = /^(?:apply_patch\s*)?<<-?\s*(['"]?)(\w+)\1$/.exec(first.trim())?.[2]
  const isFenced = first.trim().startsWith("```") && last.trim() === "```"
  if (isFenced || (word !== undefined && last.trim() === word)) lines = withoutBlankEnds(lines.slice(1, -1))
  return lines
}

function withoutBlankEnds(lines: readonly string[]): readonly string[] {
  const from = lines.findIndex((line) => line.trim() !== "")
  return from === -1 ? [] : lines.slice(from, lines.findLastIndex((line) => line.trim() !== "") + 1)
}
