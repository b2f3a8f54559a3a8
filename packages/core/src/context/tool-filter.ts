import type { ToolSpec, ToolsPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"

/** Whether a name is the one meant, or of the kind: `*` stands for any part of a name. */
export function nameMatches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*")
  const last = rest.pop()
  if (last === undefined) return pattern === name
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const word of rest) {
    const found = name.indexOf(word, at)
    if (found < 0) return false
    at = found + word.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}

/** Whether a session sees only some of the tools that there are. */
export function hasToolFilter({ settings, created }: SessionState): boolean {
  return settings.tools !== undefined || created.agent?.toolsDenied !== undefined
}

/** The tools that a session's settings, and what it was begun as, leave to its model, in the registry's order. */
export function toolsFor(state: SessionState, tools: ToolsPort): readonly ToolSpec[] {
  const { settings, created, profile } = state
  const all = settings.tools === undefined ? tools.list(profile) : tools.list()
  const denied = created.agent?.toolsDenied ?? []
  const isAmong = (patterns: readonly string[], { name }: ToolSpec) => patterns.some((each) => nameMatches(each, name))
  const left = settings.tools === undefined ? all : all.filter((tool) => isAmong(settings.tools ?? [], tool))
  return denied.length === 0 ? left : left.filter((tool) => !isAmong(denied, tool))
}
