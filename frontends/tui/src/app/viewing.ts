import type { Panel } from "../panels/panel.ts"
import type { Desk } from "./desk.ts"
import type { BlockList } from "./full/block-list.ts"
import { LiveLines } from "./live-lines.ts"
import { readingOf } from "./reading.ts"

/** The transcript to be read: at its end, which it follows, or at the newest of its calls, with all there is of that. */
export async function openViewer({ link, view }: Desk, at: "end" | "call" = "end"): Promise<Panel> {
  const [{ viewerPanel }, { blockSource }] = await Promise.all([
    import("../panels/viewer/panel.ts"),
    import("../panels/viewer/block-source.ts"),
  ])
  if (link === undefined) return viewerPanel(blockSource([]))
  const live = new LiveLines(view)
  const blocks = await readingOf(link)
  const source = blockSource(blocks, { ...view, drawOpen: (block, look) => live.of(block, look) })
  return viewerPanel(source, at === "call" ? newestCall(blocks) : undefined)
}

function newestCall(blocks: BlockList): number | undefined {
  for (let index = blocks.length - 1; index >= 0; index--) if (blocks.at(index)?.kind === "call") return index
  return undefined
}
