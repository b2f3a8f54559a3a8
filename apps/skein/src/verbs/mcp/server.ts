import { codexSource } from "@skein/mcp-server"
import type { Run } from "../../verb.ts"
import { VERSION } from "../../version.ts"
import { codexThreads } from "./codex-threads.ts"
import { serveOverLines } from "./over-lines.ts"

/** `skein mcp-server`: Codex's tools, for the agent at the other end of stdin and stdout, until that closes its end. */
export const run: Run = async ({ flags, io }) => {
  const threads = codexThreads(flags, io)
  try {
    return await serveOverLines(codexSource({ version: VERSION, ...threads }), io)
  } finally {
    await threads.close()
  }
}
