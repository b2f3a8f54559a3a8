import { relative } from "node:path"
import type { Bounds } from "./bounds.ts"
import { sizeText } from "./bounds.ts"
import type { Scan } from "./scan.ts"

/** What a scan did not watch, in sentences for a person. */
export function notesOf(scan: Scan, bounds: Bounds): string[] {
  const closed = (reason: string) => [...scan.closed].filter(([, why]) => why === reason).map(([path]) => path)
  const kept = sizeText(bounds.fileBytesMax)
  return [
    sentence("Dependency and build folders are not watched", closed("left_out")),
    sentence("What is mounted below the folder is not watched", closed("mount")),
    sentence("Not watched, as they cannot be read", [...closed("unreadable"), ...scan.unreadable]),
    sentence("Not watched, as they hold names that are not UTF-8", [...scan.nameless]),
    sentence("Sockets, pipes and devices are not watched", scan.special),
    sentence(`Files over ${kept} are watched, but their content is not kept`, scan.large),
    scan.unkeptCount === 0 || scan.failure !== undefined
      ? undefined
      : `The content of ${scan.unkeptCount.toLocaleString("en")} more files in ${scan.root} is not kept yet: one look keeps ${sizeText(bounds.scanBytesMax)}, the next goes on.`,
    scan.failure === undefined
      ? undefined
      : `No more can be kept for undo: ${scan.failure}. What changes now in ${scan.root} may not come back.`,
  ].filter((note) => note !== undefined)

  function sentence(start: string, paths: readonly string[]): string | undefined {
    if (paths.length === 0) return undefined
    const names = paths
      .toSorted()
      .slice(0, SHOWN)
      .map((path) => relative(scan.root, path) || scan.root)
    const more = paths.length > SHOWN ? ` and ${(paths.length - SHOWN).toLocaleString("en")} more` : ""
    return `${start}: ${names.join(", ")}${more}.`
  }
}

const SHOWN = 5
