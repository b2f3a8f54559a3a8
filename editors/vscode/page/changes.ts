import { visible } from "@skein/protocol/visible"
import type { Changed, FromPage } from "../src/shown.ts"
import { hunkLines, sizeOf } from "./diff.ts"
import { button, element } from "./element.ts"

/** All that the session changed, each hunk with a way back. `close` goes back to the conversation. */
export function changesElement(
  files: readonly Changed[],
  tell: (message: FromPage) => void,
  close: () => void,
): HTMLElement[] {
  const head = element("h2", "", "Changes of this session", button("quiet", "Close", close))
  if (files.length === 0) return [head, element("p", "dim", "This session changed no file.")]
  return [head, ...files.map((file) => fileElement(file, tell))]
}

function fileElement({ path, name, sha256, hunks, note }: Changed, tell: (message: FromPage) => void): HTMLElement {
  const title = element("h3", "", visible(name), element("span", "summary", sizeOf(hunks)))
  const cards = hunks.map((hunk) => {
    const open = button("quiet", `line ${hunk.newStart}`, () => tell({ type: "open", path, line: hunk.newStart }))
    const back = button("", "Take back", () => sha256 !== undefined && tell({ type: "revert", path, sha256, hunk }))
    back.disabled = sha256 === undefined
    return element("div", "card", element("div", "head", open, back), hunkLines(hunk))
  })
  return element(
    "section",
    "file",
    title,
    ...(note === undefined ? [] : [element("p", "dim", visible(note))]),
    ...cards,
  )
}
