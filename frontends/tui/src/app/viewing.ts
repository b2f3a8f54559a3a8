import type { Panel } from "../panels/panel.ts"
import type { Desk } from "./desk.ts"
import { LiveLines } from "./live-lines.ts"
import { readingOf } from "./reading.ts"

/** The transcript to be read, at its end, which it follows. */
export async function openViewer({ link, view }: Desk): Promise<Panel> {
  const [{ viewerPanel }, { blockSource }] = await Promise.all([
    import("../panels/viewer/panel.ts"),
    import("../panels/viewer/block-source.ts"),
  ])
  if (link === undefined) return viewerPanel(blockSource([]))
  const live = new LiveLines(view)
  return viewerPanel(blockSource(await readingOf(link), { ...view, drawOpen: (block, look) => live.of(block, look) }))
}
