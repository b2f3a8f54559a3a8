import type { Line } from "@skein/term"
import type { Block, CallBlock } from "../../transcript/block.ts"
import { blankLinesBetween, blockLines } from "../../view/blocks/block-lines.ts"
import type { BlockView } from "../../view/blocks/view.ts"
import type { Look } from "../../view/look.ts"
import type { ViewerSource } from "./source.ts"

/** What is read: an array of blocks, or a list of them that grows. */
interface Blocks {
  readonly length: number
  at(index: number): Block | undefined
}

interface BlockSourceOptions extends Pick<BlockView, "code" | "linkOf" | "pictures"> {
  /** Draws a block that goes on; as one that is final when left out. */
  readonly drawOpen?: ((block: Block, look: Look) => readonly Line[]) | undefined
}

/** A transcript's blocks, drawn as they are everywhere. */
export function blockSource(blocks: Blocks, { drawOpen, ...view }: BlockSourceOptions = {}): ViewerSource {
  return {
    get count() {
      return blocks.length
    },
    isFinal: (index) => blocks.at(index)?.isFinal !== false,
    lines(index, look, isExpanded) {
      const block = blocks.at(index)
      if (block === undefined) return []
      if (block.kind === "answer" && !block.isFinal && drawOpen !== undefined) return drawOpen(block, look)
      return blockLines(block, look, { ...view, isExpanded, isFocused: false, hint: "e unfold" })
    },
    textOf: (index) => textOfBlock(blocks.at(index)),
    hasGapAfter(index) {
      const next = blocks.at(index + 1)
      return next === undefined || blankLinesBetween(blocks.at(index), next) > 0
    },
    isPrompt: (index) => blocks.at(index)?.kind === "prompt",
    isExpandable: (index) => EXPANDABLE.has(blocks.at(index)?.kind ?? "end"),
    linksOf: (index) => linksOf(blocks.at(index)),
  }
}

const EXPANDABLE: ReadonlySet<Block["kind"]> = new Set(["prompt", "call", "reasoning", "compaction", "shown"])

/** A block as it would be copied: what was said, or what a call was about and gave. */
function textOfBlock(block: Block | undefined): string {
  switch (block?.kind) {
    case "prompt":
    case "answer":
    case "reasoning":
    case "notice":
      return block.text
    case "shown":
      return `${block.title}\n${block.text}`
    case "compaction":
      return block.summary ?? ""
    case "call":
      return callText(block)
    case "end":
      return ("message" in block.outcome ? block.outcome.message : undefined) ?? ""
    default:
      return ""
  }
}

function callText({ name, title, view, preview, failure, changes = [] }: CallBlock): string {
  const diffs = changes.flatMap(({ diff }) => (diff === undefined ? [] : [diff]))
  const gave = view?.body ?? (diffs.length > 0 ? diffs.join("\n") : preview)
  return [`${name} ${title}`, gave, failure?.text].filter((text) => text !== undefined && text !== "").join("\n")
}

const URLS = /https?:\/\/[^\s<>()[\]"'`]+/g

/** What it names that can be opened: files that a call is about, then links. */
function linksOf(block: Block | undefined): readonly string[] {
  if (block === undefined) return []
  const files = block.kind === "call" ? [...(block.changes ?? []).map(({ path }) => path), ...titlePath(block)] : []
  const links = (textOfBlock(block).match(URLS) ?? []).map((link) => link.replace(/[.,;:!?]+$/, ""))
  return [...new Set([...files, ...links])]
}

function titlePath({ toolKind, title }: CallBlock): readonly string[] {
  return (toolKind === "read" || toolKind === "edit") && !title.includes(" ") ? [title] : []
}
