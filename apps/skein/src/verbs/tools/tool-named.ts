import { type Engine, nearestName, type ToolInfo } from "@skein/protocol"
import { UsageError } from "../../usage.ts"

/** The one tool that the words name. Throws UsageError with those it may have meant. */
export async function toolNamed(words: readonly string[], engine: Engine, cwd: string): Promise<ToolInfo> {
  const [name, ...more] = words
  if (name === undefined || more.length > 0) throw new UsageError("Name one tool. skein tools list names all.")
  const tools = await engine.ask({ type: "tools.list", cwd })
  const tool = tools.find((each) => each.name === name)
  if (tool !== undefined) return tool
  const near = nearestName(
    name,
    tools.map((each) => each.name),
  )
  const hint = near === undefined ? "" : ` Did you mean ${near}?`
  throw new UsageError(`There is no tool ${name}.${hint} skein tools list names all.`)
}
