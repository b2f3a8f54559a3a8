import type { Style } from "../line.ts"
import type { Comparison, RowChange } from "./compare.ts"

/** What differs, for people: each row from 1, the words that went and came, and looks where only they differ. Nothing: one line that says so. */
export function tellComparison(comparison: Comparison): string[] {
  const { changes, more, cells, caret, isSame } = comparison
  if (isSame) return ["The same, text and looks."]
  const moved = caret && [`cursor  ${placeText(caret.from)} → ${placeText(caret.to)}`]
  const left = more === 0 ? [] : [`⋯ ${more} more rows that differ`]
  return [...changes.flatMap(changeText), ...left, ...(moved ?? []), sumText(comparison, cells)]
}

/** The words of a row that the other one has not, between those that both begin and end with. */
export function differingWords(before: string, after: string): { readonly gone: string; readonly come: string } {
  const [old, now] = [wordsOf(before), wordsOf(after)]
  const shorter = Math.min(old.length, now.length)
  let from = 0
  while (from < shorter && old[from] === now[from]) from++
  let end = 0
  while (end < shorter - from && old[old.length - 1 - end] === now[now.length - 1 - end]) end++
  return {
    gone: old.slice(from, old.length - end).join(" "),
    come: now.slice(from, now.length - end).join(" "),
  }
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "")
}

function changeText(change: RowChange): string[] {
  switch (change.kind) {
    case "moved":
      return [`row ${change.to + 1}  moved from row ${change.from + 1}`]
    case "added":
      return [`row ${change.row + 1}  added`, `  + ${change.text}`]
    case "removed":
      return [`row ${change.row + 1}  removed`, `  - ${change.text}`]
    case "restyled": {
      const [from, to] = change.columns
      return [
        `row ${change.row + 1}  only looks, columns ${from + 1} to ${to}: ${styleText(change.before)} → ${styleText(change.after)}`,
        `    ${change.text}`,
      ]
    }
    case "changed":
      return [`row ${change.row + 1}  ${wordsText(change)}`, `  - ${change.before}`, `  + ${change.after}`]
  }
}

function wordsText({ before, after }: { readonly before: string; readonly after: string }): string {
  const { gone, come } = differingWords(before, after)
  if (gone === "" && come === "") return "the same words, other places"
  if (gone === "") return `came: "${come}"`
  return come === "" ? `went: "${gone}"` : `"${gone}" → "${come}"`
}

function styleText({ foreground, background, link, ...is }: Style): string {
  const names = [
    is.isBold && "bold",
    is.isDim && "dim",
    is.isItalic && "italic",
    is.isUnderlined && "underlined",
    is.isInverse && "inverse",
    is.isStruck && "struck",
    foreground,
    background && `on ${background}`,
    link && "a link",
  ].filter(Boolean)
  return names.length === 0 ? "plain" : names.join(" ")
}

function placeText(caret: { readonly row: number; readonly column: number } | undefined): string {
  return caret === undefined ? "none" : `row ${caret.row + 1}, column ${caret.column + 1}`
}

function sumText({ changes, more }: Comparison, cells: number): string {
  const looks = changes.filter(({ kind }) => kind === "restyled").length
  const text = changes.length - looks + more
  const parts = [...(text === 0 ? [] : [`${text} in text`]), ...(looks === 0 ? [] : [`${looks} only in looks`])]
  const rows = parts.length === 0 ? "No row differs" : `Rows that differ: ${parts.join(", ")}`
  return `${rows}; ${cells} ${cells === 1 ? "cell" : "cells"} to repaint.`
}
