import type { Line } from "@skein/term"
import type { Block } from "../transcript/block.ts"

/** One blank line between things; calls that follow each other are one thing. */
export function gap(before: Block | undefined, block: Block): readonly Line[] {
  const isRow = before?.kind === "call" && block.kind === "call"
  return isRow ? [] : [[]]
}
