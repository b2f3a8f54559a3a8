import { type McpSource, serveLines } from "@skein/mcp-server"
import type { Io } from "../../io.ts"

/** Serves whoever is at the other end of stdin and stdout, until they close their end or it is ended. Answers with the exit code. */
export async function serveOverLines(source: McpSource, io: Io): Promise<number> {
  const ending = new AbortController()
  let code = 0
  const stop = io.onSignal((signal) => {
    // Whoever asks twice does not want to wait for what runs.
    if (ending.signal.aborted) process.exit(code)
    code = signal === "SIGTERM" ? 143 : 130
    ending.abort()
  })
  const warn = (text: string) => io.err(`skein: ${text}`)
  try {
    const write = (line: string) => io.out(line)
    await serveLines({ source, input: io.inputLines(), write, warn, signal: ending.signal })
    return code
  } finally {
    stop()
  }
}
