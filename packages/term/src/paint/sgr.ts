import { PLAIN } from "../cells/row.ts"
import type { Color, Style } from "../line.ts"
import { type ColorDepth, colorParameters } from "./colors.ts"

/** The shortest bytes that lead from one style to another: what differs, or a reset and the rest. */
export function styleBytes(from: Style, to: Style, depth: ColorDepth): string {
  const link = linkBytes(from.link, to.link)
  const step = changes(from, to, depth)
  if (step.length === 0) return link
  const anew = ["0", ...changes(PLAIN, to, depth)]
  const direct = step.join(";")
  const reset = anew.length === 1 ? "" : anew.join(";")
  return `${link}\u001b[${reset.length < direct.length ? reset : direct}m`
}

function changes(from: Style, to: Style, depth: ColorDepth): string[] {
  return [
    ...weight(from, to),
    ...toggle(from.isItalic, to.isItalic, "3", "23"),
    ...toggle(from.isUnderlined, to.isUnderlined, "4", "24"),
    ...toggle(from.isInverse, to.isInverse, "7", "27"),
    ...toggle(from.isStruck, to.isStruck, "9", "29"),
    ...ground(from.foreground, to.foreground, depth, "foreground"),
    ...ground(from.background, to.background, depth, "background"),
  ]
}

/** Bold and dim have one code that ends both. */
function weight(from: Style, to: Style): string[] {
  const ends = (from.isBold && !to.isBold) || (from.isDim && !to.isDim)
  const on: string[] = []
  if (to.isBold && (ends || !from.isBold)) on.push("1")
  if (to.isDim && (ends || !from.isDim)) on.push("2")
  return ends ? ["22", ...on] : on
}

function toggle(from: boolean | undefined, to: boolean | undefined, on: string, off: string): string[] {
  return !from === !to ? [] : [to ? on : off]
}

function ground(
  from: Color | undefined,
  to: Color | undefined,
  depth: ColorDepth,
  which: "foreground" | "background",
): string[] {
  const before = from === undefined ? "" : colorParameters(from, depth, which)
  const after = to === undefined ? "" : colorParameters(to, depth, which)
  if (before === after) return []
  return [after === "" ? (which === "foreground" ? "39" : "49") : after]
}

function linkBytes(from: string | undefined, to: string | undefined): string {
  const before = from === undefined ? "" : safeLink(from)
  const after = to === undefined ? "" : safeLink(to)
  return before === after ? "" : `\u001b]8;;${after}\u001b\\`
}

/** A link is bytes within a sequence: what is not plain ASCII is percent-encoded, and one with controls in it is none. */
function safeLink(link: string): string {
  if (/^[\x21-\x7e]*$/.test(link)) return link
  if (/[\u0000-\u001f\u007f-\u009f]/.test(link)) return ""
  return link.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent)
}
