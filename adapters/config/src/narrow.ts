import { relative, sep } from "node:path"
import type { Checked } from "./check.ts"
import type { Layer } from "./layers.ts"
import { keyText } from "./paths.ts"

/**
 * What of a project's entry takes effect, given what holds below it: the entry, a part of it, or nothing, which is said.
 * A repository comes from anyone, so it may take permissions and money away but never give them.
 */
export function narrowed(
  entry: Checked,
  held: unknown,
  layer: Layer,
  warn: (sentence: string) => void,
): Checked | undefined {
  const { project } = entry.key
  switch (project.may) {
    case "set":
      return entry
    case "never":
      return ignored("only your own configuration may set it")
    case "earlier": {
      const isNarrower = project.order.indexOf(String(entry.value)) <= project.order.indexOf(String(held))
      return isNarrower ? entry : ignored(`a project may only narrow it, and ${JSON.stringify(held)} holds`)
    }
    case "lower":
      if (held === undefined || Number(entry.value) <= Number(held)) return entry
      return ignored(`a project may only lower it, and ${String(held)} holds`)
    case "stricter":
      return stricter()
    case "inside":
      return inside()
    case "apart":
      return undefined
  }

  function ignored(reason: string): undefined {
    warn(`Ignored ${keyText(entry.path)} in ${layer.file ?? "the project"}: ${reason}.`)
    return undefined
  }

  function stricter(): Checked {
    const all = Array.isArray(entry.value) ? entry.value : []
    const kept = all.filter((rule: { decision?: unknown }) => rule.decision !== "allow")
    if (kept.length < all.length)
      ignored(`${all.length - kept.length} of its rules allow something, and a project may only ask or deny`)
    return { ...entry, value: kept }
  }

  function inside(): Checked {
    const folder = layer.folder ?? ""
    const all = Array.isArray(entry.value) ? entry.value.map(String) : []
    const kept = all.filter((path) => isBelow(folder, path))
    if (kept.length < all.length) ignored(`${all.length - kept.length} of its files lie outside the project`)
    return { ...entry, value: kept }
  }
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== ".." && !way.startsWith(`..${sep}`) && !way.startsWith("/")
}
