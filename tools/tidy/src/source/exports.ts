import { mask } from "./mask.ts"

const DECLARED =
  /\bexport\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(const|let|var|function\*?|class|interface|type|enum)\s+([\w$]+)/g
const LISTED = /\bexport\s+(type\s+)?\{([^}]*)\}/g

/** The names a module exports, sorted, types marked: `["type Engine", "isId"]`. */
export function exportsOf(source: string): string[] {
  const code = mask(source)
  const names = new Set<string>()
  for (const [, keyword = "", name = ""] of code.matchAll(DECLARED)) {
    names.add(keyword === "interface" || keyword === "type" ? `type ${name}` : name)
  }
  for (const [, allTypes, list = ""] of code.matchAll(LISTED)) {
    for (const entry of list.split(",").map((one) => one.trim())) {
      if (entry === "") continue
      const isType = allTypes !== undefined || entry.startsWith("type ")
      const shown = entry
        .replace(/^type\s+/, "")
        .split(/\s+as\s+/)
        .at(-1)
      names.add(isType ? `type ${shown}` : `${shown}`)
    }
  }
  return [...names].toSorted()
}
