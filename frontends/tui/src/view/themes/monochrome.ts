import type { Style } from "@skein/term"
import type { Theme } from "../look.ts"

/**
 * The terminal's own foreground and background, one dim, bold for what matters, color for meaning alone, and that from
 * the terminal's own sixteen. Of these the ones that are readable on either side: dark red on black is not.
 */
export function monochrome(isLight: boolean): Theme {
  const added: Style = { foreground: "green" }
  const removed: Style = { foreground: isLight ? "red" : "bright-red" }
  const warning: Style = isLight ? { foreground: "magenta" } : { foreground: "yellow" }
  const strong: Style = { isBold: true }
  const dim: Style = { isDim: true }
  const plain: Style = {}
  return {
    name: "monochrome",
    isLight,
    text: plain,
    dim,
    strong,
    prompt: strong,
    heading: strong,
    link: { isUnderlined: true },
    code: strong,
    quote: dim,
    selected: { isInverse: true },
    match: { isBold: true, isUnderlined: true },
    added,
    removed,
    addedWord: { ...added, isBold: true, isUnderlined: true },
    removedWord: { ...removed, isBold: true, isUnderlined: true },
    running: strong,
    done: added,
    failed: { ...removed, isBold: true },
    waiting: { ...warning, isBold: true },
    danger: { ...removed, isBold: true },
    warning,
    bar: dim,
    tokens: {
      plain,
      comment: dim,
      string: plain,
      number: plain,
      keyword: strong,
      type: plain,
      function: plain,
      property: plain,
      operator: plain,
      constant: plain,
      tag: strong,
    },
  }
}
