import { filesBelow } from "./files-below.ts"
import type { CodeSettings } from "./options.ts"
import { rowFor, rowsOf } from "./servers/choose.ts"

/** A file of the language that most of a folder's files are of. */
export async function anchorOf(root: string, settings: CodeSettings): Promise<string | undefined> {
  const rows = rowsOf(settings)
  const { files } = await filesBelow([root])
  const byRow = Map.groupBy(
    files.filter((file) => rowFor(file, rows) !== undefined),
    (file) => rowFor(file, rows)?.name,
  )
  // Settings are written in those languages in any project.
  const rank = ([name, all]: readonly [string | undefined, readonly string[]]) =>
    name === "json" || name === "yaml" ? 0 : all.length
  return [...byRow].toSorted((a, b) => rank(b) - rank(a))[0]?.[1][0]
}
