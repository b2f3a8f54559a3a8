import { ToolFailure } from "@skein/core/ports"
import { indentOf } from "../edit/indent.ts"
import type { SyntaxMatch } from "./match.ts"

const HOLE = /\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)/g

/** Refuses a rewrite with a hole that the pattern does not have. */
export function checkRewrite(rewrite: string, names: ReadonlySet<string>): void {
  for (const [hole, many, one] of rewrite.matchAll(HOLE)) {
    if (names.has(many ?? one ?? "")) continue
    const known = names.size === 0 ? "none" : [...names].map((name) => `$${name}`).join(", ")
    throw new ToolFailure(
      `The rewrite has ${hole}, which the pattern does not name; it names ${known}. Nothing was written.`,
    )
  }
}

/** What comes in a match's place: its holes filled as the file has them, its lines indented from where the match stands. */
export function rewritten(text: string, match: SyntaxMatch, rewrite: string): string {
  const base = indentAt(text, match.start)
  return rewrite
    .split("\n")
    .map((line, index) => {
      const own = index === 0 || line === "" ? "" : base
      return own + filled(line, index === 0 ? base : base + indentOf(line), text, match)
    })
    .join("\n")
}

/** A piece of several lines moves as a whole, so that its further lines stand under its first as they did. */
function filled(line: string, indent: string, text: string, { holes }: SyntaxMatch): string {
  return withoutEmpty(line, holes).replace(HOLE, (_, many: string | undefined, one: string | undefined) => {
    const span = holes.get(many ?? one ?? "")
    if (span === undefined) return ""
    return moved(text.slice(span.start, span.end), indentAt(text, span.start), indent)
  })
}

/** A hole with nothing in it goes with the comma that parts it from others. */
function withoutEmpty(line: string, holes: SyntaxMatch["holes"]): string {
  const isEmpty = (name: string) => holes.get(name)?.start === holes.get(name)?.end
  return line
    .replace(/\$\$\$([A-Z_][A-Z0-9_]*)\s*,\s*/g, (all, name: string) => (isEmpty(name) ? "" : all))
    .replace(/,\s*\$\$\$([A-Z_][A-Z0-9_]*)(?!\w)/g, (all, name: string) => (isEmpty(name) ? "" : all))
}

function moved(piece: string, from: string, to: string): string {
  if (from === to || !piece.includes("\n")) return piece
  return piece
    .split("\n")
    .map((line, index) => (index > 0 && line.startsWith(from) ? to + line.slice(from.length) : line))
    .join("\n")
}

function indentAt(text: string, index: number): string {
  const start = text.lastIndexOf("\n", index - 1) + 1
  return indentOf(text.slice(start, index))
}
