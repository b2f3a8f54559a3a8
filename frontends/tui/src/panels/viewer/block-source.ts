import type { Block, CallBlock } from "../../transcript/block.ts"
import { blankLinesBetween, blockLines } from "../../view/blocks/block-lines.ts"
import type { BlockView } from "../../view/blocks/view.ts"
import type { ViewerSource } from "./source.ts"

/** A transcript's blocks, drawn as they are everywhere. */
export function blockSource(blocks: readonly Block[], view: Pick<BlockView, "code" | "linkOf"> = {}): ViewerSource {
  return {
    count: blocks.length,
    lines(index, look, isExpanded) {
      const block = blocks[index]
      return block === undefined
        ? []
        : blockLines(block, look, { ...view, isExpanded, isFocused: false, hint: "e unfold" })
    },
    textOf: (index) => textOfBlock(blocks[index]),
    hasGapAfter(index) {
      const next = blocks[index + 1]
      return next === undefined || blankLinesBetween(blocks[index], next) > 0
    },
    isPrompt: (index) => blocks[index]?.kind === "prompt",
    isExpandable: (index) => EXPANDABLE.has(blocks[index]?.kind ?? "end"),
    linksOf: (index) => linksOf(blocks[index]),
  }
}

const EXPANDABLE: ReadonlySet<Block["kind"]> = new Set(["call", "reasoning", "compaction", "shown"])

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
