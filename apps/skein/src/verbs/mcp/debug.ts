import { compose } from "@skein/host"
import { hostRequest } from "../../session/request.ts"
import { visible } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"
import { connected, oneServer } from "./servers.ts"

const SHOWN_CHARS_MAX = 4_000

/** `skein mcp debug x`: all that is said on the way to a list of its tools. */
export const run: Run = async ({ flags, words, io }) => {
  const request = hostRequest(flags, io)
  let said: (line: string) => void = () => undefined
  const onMessage = (direction: "sent" | "received" | "stderr", text: string) => {
    const mark = direction === "sent" ? "→" : direction === "received" ? "←" : "!"
    const more = text.length > SHOWN_CHARS_MAX ? ` … (${text.length} characters)` : ""
    said(`${mark} ${visible(text.slice(0, SHOWN_CHARS_MAX)).trimEnd()}${more}`)
  }
  const host = compose({ ...request, mcp: { configs: [], isStrict: false, ...request.mcp, onMessage } })
  try {
    const server = await oneServer(host, request.cwd, words)
    io.err(`note    ${host.redact(server.target)}`)
    said = (line) => io.out(host.redact(line))
    const now = await connected(host, request.cwd, server)
    said = () => undefined
    if (now.state === "connected") {
      io.err(
        `note    Connected: ${now.tools.length} tools, ${now.promptsCount} prompts, ${now.resourcesCount} resources.`,
      )
      return 0
    }
    io.err(`skein: ${now.message ?? `${server.name} did not connect`}`)
    return 1
  } finally {
    await host.close()
  }
}
