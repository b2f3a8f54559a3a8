import { visible } from "@skein/protocol/visible"
import type { Block, CallBlock } from "../src/shown.ts"
import { hunkLines, sizeOf } from "./diff.ts"
import { element } from "./element.ts"
import { prose } from "./prose.ts"

/** One block of the conversation as an element. */
export function blockElement(block: Block): HTMLElement {
  switch (block.kind) {
    case "user":
      return element("article", block.isSteer ? "user steer" : "user", visible(block.text))
    case "agent": {
      const note = block.isDiscarded ? [element("p", "dim", "The answer broke off and is asked for again.")] : []
      return element("article", block.isDiscarded ? "agent dim" : "agent", ...prose(block.text), ...note)
    }
    case "thought": {
      const head = element("summary", "", block.isOpen ? "Thinking" : "Thought")
      return element("details", "thought", head, element("p", "", visible(block.text)))
    }
    case "call":
      return callElement(block)
    case "notice":
      return element("p", `notice ${block.level}`, visible(block.text))
  }
}

const GLYPHS = { running: "●", waiting: "◌", success: "✓", error: "✗", cancelled: "✗" } as const

function callElement({ title, state, summary, said, hunks, isInner }: CallBlock): HTMLElement {
  const [verb = "", ...rest] = visible(title).split(" ")
  const head = element(
    "summary",
    "",
    element("span", `glyph ${state}`, GLYPHS[state]),
    element("span", "title", element("strong", "", verb), ` ${rest.join(" ")}`),
    element("span", "summary", summary ?? (hunks.length > 0 ? sizeOf(hunks) : "")),
  )
  const body = [
    ...hunks.map(hunkLines),
    ...(said === undefined || said === "" ? [] : [element("pre", "output", visible(said))]),
  ]
  const className = `call${isInner ? " inner" : ""}${body.length === 0 ? " bare" : ""}`
  if (body.length === 0) return element("div", className, ...head.childNodes)
  const made = element("details", className, head, ...body)
  made.open = state === "running" || state === "error"
  return made
}
