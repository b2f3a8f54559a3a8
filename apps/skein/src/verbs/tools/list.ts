import { jsonPage, nameMatches, type ToolInfo } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { table } from "../../tell/table.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein tools list`: each tool, what its calls may do, and whether the model of a new session here has it. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags, words }, engine, host, cwd }) => {
    const all = await engine.ask({ type: "tools.list", cwd })
    const tools = words.length === 0 ? all : all.filter(({ name }) => words.some((word) => nameMatches(word, name)))
    if (tools.length === 0) throw new UsageError(`No tool is called ${words.join(" or ")}. skein tools list names all.`)
    for (const warning of host.warnings) io.err(`note    ${warning}`)
    const { tools: enabled, toolsDenied = [] } = host.settings
    const isOff = ({ name }: ToolInfo) =>
      toolsDenied.some((each) => nameMatches(each, name)) || enabled?.some((each) => nameMatches(each, name)) === false
    if (flags.has("json")) {
      io.out(jsonPage(tools.map((tool) => ({ ...tool, isEnabled: !isOff(tool) }))))
      return 0
    }
    const width = io.isOutputTerminal ? await io.columns() : Number.POSITIVE_INFINITY
    const rows = tools.map((tool) => [
      tool.name,
      isOff(tool) ? "off" : tool.summary === undefined ? "" : "by name",
      (tool.effects ?? ["anything"]).join(", "),
      `${tool.summary ?? firstSentence(tool.description)}${tool.file === undefined ? "" : ` (${tool.file})`}`,
    ])
    for (const line of table(COLUMNS, rows, width)) io.out(line)
    return 0
  })

const COLUMNS = [{ head: "tool" }, { head: "" }, { head: "may" }, { head: "for", isFlexible: true }]

function firstSentence(text: string): string {
  const [first = ""] = text.split(/(?<=[.:;])\s|\n/, 1)
  return first.replace(/[.:;]$/, "")
}
