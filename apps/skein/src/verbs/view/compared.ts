import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { visible } from "@skein/protocol"
import { type Color, type Line, PALETTE, type Span, type Style, widthOf } from "@skein/term"
import { FIXTURE_NAMES } from "@skein/tui/fixtures"
import type { Flags } from "../../flags.ts"
import { UsageError } from "../../usage.ts"
import { askedView } from "./asked.ts"

/** One side of a comparison. */
export interface Compared {
  readonly lines: readonly Line[]
  /** Of the widest line, or of the screen it was drawn on. */
  readonly columns: number
  /** Its lines say how they look: a snapshot that was kept as text does not. */
  readonly hasLooks: boolean
}

/** A named view, drawn as the flags say, or else a file: what `skein view snapshot` printed, as text or with `--json`. Throws UsageError. */
export function comparedOf(word: string, flags: Flags, cwd: string): Compared {
  if (!FIXTURE_NAMES.includes(word)) return kept(word, resolve(cwd, word))
  const { size, linesAt } = askedView(flags, [word])
  return { lines: linesAt(size.columns, size.rows).slice(-size.rows), columns: size.columns, hasLooks: true }
}

function kept(word: string, path: string): Compared {
  const text = read(word, path)
  const looks = looksIn(text)
  const lines = looks ?? withoutBlankEnd(text.split("\n")).map((text): Line => [spanOf(text)])
  const columns = Math.max(0, ...lines.map((line) => widthOf(line)))
  return { lines: withoutBlankEnd(lines), columns, hasLooks: looks !== undefined }
}

function read(word: string, path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (cause) {
    throw new UsageError(`${word} is no named view (skein view list), and no file that can be read.`, { cause })
  }
}

/** The looks of a snapshot that was kept with `--json`. A file that is something else is text. */
function looksIn(text: string): readonly Line[] | undefined {
  if (!text.trimStart().startsWith("{")) return undefined
  const kept = parsed(text)
  if (!isObject(kept) || !Array.isArray(kept.looks)) return undefined
  return kept.looks.map((row: unknown) => (Array.isArray(row) ? row.flatMap(spansFrom) : []))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UsageError("A file that begins as JSON is none.", { cause })
  }
}

function spansFrom(kept: unknown): Line {
  if (!isObject(kept) || typeof kept.text !== "string") return []
  return [{ ...spanOf(kept.text), style: isObject(kept.style) ? styleFrom(kept.style) : {} }]
}

function styleFrom(kept: Record<string, unknown>): Style {
  const { isBold, isDim, isItalic, isUnderlined, isInverse, isStruck, link } = kept
  return {
    ...{ isBold: isBold === true, isDim: isDim === true, isItalic: isItalic === true },
    ...{ isUnderlined: isUnderlined === true, isInverse: isInverse === true, isStruck: isStruck === true },
    ...{ foreground: colorFrom(kept.foreground), background: colorFrom(kept.background) },
    link: typeof link === "string" ? link : undefined,
  }
}

function colorFrom(kept: unknown): Color | undefined {
  if (typeof kept !== "string") return undefined
  return kept.startsWith("#") ? `#${kept.slice(1)}` : PALETTE.find((color) => color === kept)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}

function spanOf(text: string): Span {
  return { text: visible(text).replaceAll("\n", " ") }
}

function withoutBlankEnd<T extends string | Line>(lines: readonly T[]): readonly T[] {
  return lines.slice(0, lines.findLastIndex((line) => line.length > 0) + 1)
}
