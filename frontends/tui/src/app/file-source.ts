import { join } from "node:path"
import { childrenOf, type FileSource } from "../panels/files/tree.ts"
import type { Panel } from "../panels/panel.ts"
import { safeLines } from "../view/text/safe.ts"
import type { Desk } from "./desk.ts"

/** The workspace as its panel asks for it: paths that are known, and files that are read when they are looked at. */
function fileSource(app: Desk, cwd: string, onRead: () => void): FileSource {
  const children = childrenOf(app.files ?? [])
  const read = new Map<string, ReturnType<FileSource["preview"]>>()
  return {
    children,
    preview(path) {
      if (!read.has(path)) {
        read.set(path, undefined)
        preview(app, join(cwd, path)).then(
          (shown) => {
            read.set(path, shown)
            onRead()
          },
          (error: unknown) => app.failed(error),
        )
      }
      return read.get(path)
    },
  }
}

async function preview(app: Desk, path: string): Promise<NonNullable<ReturnType<FileSource["preview"]>>> {
  const found = await app.options.system.readText(path)
  return "note" in found ? found : { rows: safeLines(found.text) }
}

/** The panel drawn again with what was read meanwhile. */
export async function openFiles(app: Desk, cwd: string): Promise<Panel> {
  const { filesPanel } = await import("../panels/files/files.ts")
  return filesPanel({ source: fileSource(app, cwd, () => app.canvas.soon()) })
}
