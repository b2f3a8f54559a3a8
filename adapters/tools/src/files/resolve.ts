import { promises as fs } from "node:fs"
import { dirname, isAbsolute, join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { errnoOf, fileFailure } from "./failure.ts"

/** Links resolved for every existing part of an absolute path, dangling ones followed; the rest is appended. */
export async function resolvePath(path: string): Promise<string> {
  if (!isAbsolute(path)) throw new TypeError(`Not an absolute path: ${path}`)
  if (path.includes("\0")) throw new ToolFailure("A path cannot hold a NUL character.")
  try {
    return await fs.realpath(path)
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw fileFailure("resolve", path, error)
  }
  return await walk(path)
}

/** As many links as Linux follows in one path; see path_resolution(7). */
const LINKS_MAX = 40

async function walk(path: string): Promise<string> {
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
    const target = await linkTarget(join(at, part))
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

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await fs.readlink(path)
  } catch (error) {
    // EINVAL: it is no link. ENOENT: nothing is there, so nothing leads elsewhere.
    if (["EINVAL", "ENOENT"].includes(errnoOf(error) ?? "")) return undefined
    throw fileFailure("resolve", path, error)
  }
}
