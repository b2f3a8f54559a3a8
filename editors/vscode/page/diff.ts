import { visible } from "@skein/protocol/visible"
import type { Hunk } from "../src/hunks.ts"
import { element } from "./element.ts"

/** The lines of a hunk with their numbers. */
export function hunkLines({ lines, oldStart, newStart }: Hunk): HTMLElement {
  let [before, after] = [oldStart, newStart]
  const rows = lines.map((line) => {
    const sign = line[0] ?? " "
    const kind = sign === "+" ? "added" : sign === "-" ? "removed" : "kept"
    const number = sign === "\\" ? "" : String(sign === "-" ? before : after)
    if (sign === " " || sign === "-") before++
    if (sign === " " || sign === "+") after++
    return element(
      "div",
      `row ${kind}`,
      element("span", "number", number),
      element("span", "sign", sign === "\\" ? "" : sign),
      element("span", "text", visible(line.slice(1))),
    )
  })
  return element("div", "hunk", ...rows)
}

/** `+9 −4` */
export function sizeOf(hunks: readonly Hunk[]): string {
  const count = (sign: string) =>
    hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.startsWith(sign)).length, 0)
  return `+${count("+")} −${count("-")}`
}
