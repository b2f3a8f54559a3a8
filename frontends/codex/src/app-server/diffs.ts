import { isAbsolute, relative } from "node:path"
import type { FileChange } from "@skein/protocol"

/** What a change's `diff` holds: a new or deleted file's text itself, else the hunks without a head. */
export function changeDiff({ kind, diff }: Pick<FileChange, "kind" | "diff">): string {
  const hunks = hunksOf(diff ?? "")
  if (kind === "update") return hunks
  const sign = kind === "add" ? "+" : "-"
  return hunks
    .split("\n")
    .flatMap((line) => (line.startsWith(sign) ? [`${line.slice(1)}\n`] : []))
    .join("")
}

/** One change as `git diff` would show it; empty when nothing can be shown. */
export function gitDiff({ path, kind, diff }: FileChange, cwd: string): string {
  const hunks = hunksOf(diff ?? "")
  if (hunks === "") return ""
  const name = isAbsolute(path) ? relative(cwd, path) : path
  const before = kind === "add" ? "/dev/null" : `a/${name}`
  const after = kind === "delete" ? "/dev/null" : `b/${name}`
  const mode = kind === "add" ? "new file mode 100644\n" : kind === "delete" ? "deleted file mode 100644\n" : ""
  // git leaves a count of one line out.
  const short = hunks.replaceAll(/^@@ .*? @@/gm, (head) => head.replaceAll(/(\d+),1(?= )/g, "$1"))
  return `diff --git a/${name} b/${name}\n${mode}--- ${before}\n+++ ${after}\n${short}`
}

function hunksOf(diff: string): string {
  const start = diff.startsWith("@@") ? 0 : diff.indexOf("\n@@") + 1
  return diff.startsWith("@@") || start > 0 ? diff.slice(start) : ""
}
