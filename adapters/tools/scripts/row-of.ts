import { given } from "@skein/protocol/json"
import type { AnyTool, ToolRow } from "../src/define.ts"

/** What stands for a built-in tool in `src/rows.ts`: its name where it is at hand, else all of it that is data. */
export function rowOf(tool: AnyTool): string | ToolRow {
  const { name, aliases, description, summary, kind, effects, needs, isConcurrent, timeoutMs } = tool
  if (summary === undefined) return name
  return {
    ...{ name, ...given("aliases", aliases), description, summary, kind, effects },
    ...{ ...given("needs", needs), ...given("isConcurrent", isConcurrent), ...given("timeoutMs", timeoutMs) },
  }
}
