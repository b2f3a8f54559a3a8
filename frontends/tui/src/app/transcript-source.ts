import type { ViewerSource } from "../panels/viewer/source.ts"
import type { Block } from "../transcript/block.ts"
import { blockLines } from "../view/blocks/block-lines.ts"
import type { BlockView } from "../view/blocks/view.ts"

/** Blocks as the viewer reads them. */
export function transcriptSource(blocks: readonly Block[], view: BlockView): ViewerSource {
  return {
    count: blocks.length,
    lines(index, look, isExpanded) {
      const block = blocks[index]
      return block === undefined ? [] : blockLines(block, look, { ...view, isExpanded })
    },
    textOf: (index) => copied(blocks[index]),
    isPrompt: (index) => blocks[index]?.kind === "prompt",
    isExpandable: (index) => EXPANDABLE.has(blocks[index]?.kind ?? "prompt"),
    linksOf: (index) => links(blocks[index]),
  }
}

const EXPANDABLE: ReadonlySet<Block["kind"]> = new Set(["call", "reasoning", "compaction", "shown"])

/** What was said or given, without how it is drawn. */
function copied(block: Block | undefined): string {
  if (block === undefined) return ""
  switch (block.kind) {
    case "call":
      return [block.title, block.view?.body ?? "", block.failure?.text ?? ""].filter((text) => text !== "").join("\n")
    case "compaction":
      return block.summary ?? ""
    case "end":
      return block.outcome.kind === "failed" || block.outcome.kind === "exhausted" ? block.outcome.message : ""
    default:
      return block.text
  }
}

function links(block: Block | undefined): readonly string[] {
  if (block === undefined) return []
  if (block.kind === "call") return block.changes?.map(({ path }) => path) ?? []
  return [...copied(block).matchAll(/https?:\/\/[^\s<>)"']+/g)].map(([link]) => link)
}
