import { jsonPage, type McpToolInfo } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"
import { connected, NONE, serversNamed } from "./servers.ts"

/** `skein mcp tools`: exit 1 when a server cannot be asked. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags, words }, host, cwd }) => {
    const servers = await serversNamed(host, cwd, words)
    if (servers.length === 0) io.err(`note    ${NONE}`)
    const asked = servers.filter(({ state }) => state !== "disabled")
    const all = await Promise.all(asked.map((server) => connected(host, cwd, server)))
    const failed = all.filter(({ state }) => state !== "connected")
    if (flags.has("json")) {
      io.out(jsonPage(all.flatMap(({ name, tools }) => tools.map((tool) => ({ server: name, ...tool })))))
    } else {
      const rows = all.flatMap(({ name, tools }) => tools.map((tool) => ({ name: `${name} ${tool.name}`, tool })))
      const width = Math.min(Math.max(...rows.map(({ name }) => oneLine(name).length), 0), 50)
      for (const { name, tool } of rows)
        io.out(`${oneLine(name).padEnd(width)}  ${marksOf(tool)}${about(tool)}`.trimEnd())
    }
    for (const { name, message } of failed) io.err(`failed  ${name}: ${message ?? "it did not connect"}`)
    return failed.length > 0 ? 1 : 0
  })

/** A server's own word that it only reads is no promise: it is told as its word. */
function marksOf({ isEnabled, isReadOnlyHinted, hasDrifted }: McpToolInfo): string {
  const marks = [
    ...(isEnabled ? [] : ["left out"]),
    ...(hasDrifted === true ? ["changed since it was approved"] : []),
    ...(isReadOnlyHinted ? ["says it only reads"] : []),
  ]
  return marks.length === 0 ? "" : `(${marks.join(", ")}) `
}

function about({ description }: McpToolInfo): string {
  const line = oneLine(description)
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}
