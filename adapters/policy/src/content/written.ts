import type { CallPlan } from "@skein/core/ports"
import { lazy } from "@skein/protocol"
import type { About, Holds } from "../rules/matches.ts"
import { type Pattern, patternOf, workOfCall } from "./pattern.ts"

/** Of one call. Nothing of it is looked at before a rule asks. */
export function holdsOf({ input }: Pick<CallPlan, "input">): Holds {
  const texts = lazy(() => textsIn(input).join("\n"))
  const work = workOfCall()
  return ({ content, decision }, about) => {
    if (content === undefined) return true
    // It narrows, and never gives: what is written elsewhere in the same call would be let through with it.
    if (decision === "allow") return false
    return compiled(content)(lineOf(about) ?? texts(), work)
  }
}

function lineOf(about: About): string | undefined {
  return "line" in about ? about.line : undefined
}

const known = new Map<string, Pattern>()
const KNOWN_MAX = 500

/** Every rule of a file was read once, so that each of them can be. */
function compiled(content: string): Pattern {
  const made = known.get(content) ?? patternOf(content)
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(content, made)
  return made
}

/** What is there already, or says where: not what is written. */
const NOT_WRITTEN: ReadonlySet<string> = new Set(["oldText", "path", "cell", "sha256", "description"])

/** All texts of a call's arguments that may come to stand in a file; of patches the lines that they add. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [isPatch(value) ? addedIn(value) : value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => (NOT_WRITTEN.has(key) ? [] : textsIn(each)))
}

const isPatch = (text: string) => /^(?:\*\*\* Begin Patch|--- |diff --git )/m.test(text)

function addedIn(patch: string): string {
  const lines = patch.split("\n").filter((line) => line.startsWith("+") && !line.startsWith("+++ "))
  return lines.map((line) => line.slice(1)).join("\n")
}
