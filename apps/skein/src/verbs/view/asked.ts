import type { Line, Size } from "@skein/term"
import { sizeOf } from "@skein/term/driven"
import { drawnFixture } from "@skein/tui/fixtures"
import type { Flags } from "../../flags.ts"
import { UsageError } from "../../usage.ts"

/** The view that was asked for, at any size. */
export interface Asked {
  readonly name: string
  readonly size: Size
  /** As high as it likes where no rows are given. */
  linesAt(columns: number, rows?: number): Line[]
}

/** Throws UsageError for a view, a theme or a size that there is not. */
export function askedView(flags: Flags, words: readonly string[]): Asked {
  const [name] = words
  if (name === undefined || words.length > 1) throw new UsageError("One view: see skein view list")
  const linesAt = (columns: number, rows?: number) =>
    said(() => drawnFixture(name, { columns, rows, theme: flags.text("theme") }))
  const width = said(() => sizeOf(`${flags.text("cols") ?? 80}x1`)).columns
  const rows = flags.text("rows") ?? Math.max(1, linesAt(width).length)
  return { name, size: said(() => sizeOf(`${width}x${rows}`)), linesAt }
}

function said<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
