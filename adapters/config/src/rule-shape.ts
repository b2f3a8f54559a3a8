import { isTree } from "./toml.ts"

/** What the protocol's Rule is without its scope, which follows from the layer. A misspelt condition would widen it. */
export function isRule(value: unknown): boolean {
  if (!isTree(value) || !isText(value.tool)) return false
  if (value.decision !== "allow" && value.decision !== "ask" && value.decision !== "deny") return false
  const { tool: _, decision: __, ...rest } = value
  return Object.entries(rest).every(([name, part]) => {
    if (name === "prefix") return Array.isArray(part) && part.length > 0 && part.every(isChoice)
    if (name === "access") return part === "read" || part === "write"
    if (name === "expires") return part instanceof Date || (isText(part) && !Number.isNaN(Date.parse(part)))
    return ["command", "path", "host", "agent", "reason"].includes(name) && isText(part)
  })
}

/** One word, or a choice of words. */
function isChoice(value: unknown): boolean {
  return isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText))
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== ""
}
