import { readlinkSync } from "node:fs"
import { dirname, isAbsolute, join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { type Seen, shownAt } from "./see.ts"

/** As many links as Linux follows in one path; see path_resolution(7). */
const LINKS_MAX = 40

/** Links resolved for every part of an absolute path that is there, dangling ones followed; the rest is appended. */
export function resolveIn(see: (path: string) => Seen, path: string): string {
  const rest = path.split("/").toReversed()
  let at = "/"
  let links = 0
  while (rest.length > 0) {
    const part = rest.pop()
    if (part === undefined || part === "" || part === ".") continue
    if (part === "..") {
      at = dirname(at)
      continue
    }
    const target = linkTarget(see(join(at, part)))
    if (target === undefined) {
      at = join(at, part)
      continue
    }
    links += 1
    if (links > LINKS_MAX) throw new ToolFailure(`Cannot resolve ${path}: its links lead in a circle.`)
    if (isAbsolute(target)) at = "/"
    rest.push(...target.split("/").toReversed())
  }
  return at
}

function linkTarget(seen: Seen): string | undefined {
  const shown = shownAt(seen)
  if (shown === undefined) return undefined
  try {
    return readlinkSync(shown)
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
    // No link, nothing there, or below a file: nothing leads elsewhere.
    if (["EINVAL", "ENOENT", "ENOTDIR"].includes(code)) return undefined
    throw new ToolFailure(`Cannot resolve ${seen.path}: the system answered ${code}.`, { cause })
  }
}
