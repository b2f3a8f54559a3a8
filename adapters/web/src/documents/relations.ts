import { all, xmlOf } from "./xml.ts"
import type { Archive } from "./zip.ts"

/** What the ids of a part lead to, as names in the archive: ECMA-376, part 2, §9.3. */
export function relations(archive: Archive, name: string, folder: string): ReadonlyMap<string, string> {
  const content = archive.read(name)
  if (content === undefined) return new Map()
  return new Map(
    all(xmlOf(content), "Relationship").map(({ attributes: { Id = "", Target = "" } }) => [Id, inside(Target, folder)]),
  )
}

function inside(target: string, folder: string): string {
  const parts: string[] = target.startsWith("/") ? [] : folder.split("/")
  for (const part of target.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return parts.join("/")
}
