import { jsonPage, type McpServerInfo } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"
import { connected, NONE, serversNamed } from "./servers.ts"

/** `skein mcp doctor`: connects to each; exit 1 when one that is meant to work does not. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags, words }, host, cwd }) => {
    const servers = await serversNamed(host, cwd, words)
    if (servers.length === 0) {
      io.err(`note    ${NONE}`)
      return 0
    }
    const checked = await Promise.all(
      servers.map(async (server) => (isLeft(server) ? server : connected(host, cwd, server))),
    )
    if (flags.has("json")) io.out(jsonPage(checked))
    else for (const server of checked) for (const line of linesOf(server)) io.out(line)
    const isWrong = checked.some(({ state }) => state !== "connected" && state !== "disabled")
    return isWrong ? 1 : 0
  })

/** Nothing is started that may not be. */
function isLeft({ state, target }: McpServerInfo): boolean {
  return state === "disabled" || state === "untrusted" || target === ""
}

function linesOf({
  name,
  state,
  title,
  version,
  protocol,
  tools,
  message,
  target,
  file,
}: McpServerInfo): readonly string[] {
  if (state === "connected") {
    return [
      `ok      ${oneLine(name)}: ${oneLine(`${title ?? ""} ${version ?? ""}`)}, protocol ${protocol}, ${tools.length} tool${tools.length === 1 ? "" : "s"}`,
    ]
  }
  const word = state === "disabled" ? "off" : state === "login" ? "login" : "failed"
  const next =
    state === "disabled" || state === "login"
      ? undefined
      : `Look at it: skein mcp debug ${name}${file === undefined ? "" : `; it stands in ${file}`}`
  return [
    `${word.padEnd(8)}${oneLine(name)}: ${oneLine(message ?? state)}`,
    ...(target === "" ? [] : [`        ${oneLine(target)}`]),
    ...(next === undefined || state === "untrusted" ? [] : [`        ${oneLine(next)}`]),
  ]
}
