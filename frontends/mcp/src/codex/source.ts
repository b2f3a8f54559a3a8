import type { CallToolRequestParams } from "@modelcontextprotocol/server"
import { SkeinError } from "@skein/protocol"
import { type Asked, RequestError } from "../asked.ts"
import type { McpSource } from "../source.ts"
import { Work } from "../work.ts"
import { readNewThread, readReply, type ThreadWishes } from "./params.ts"
import { CODEX_TOOLS } from "./tools.ts"
import { runThreadTurn, type Thread, threadIdOf } from "./turn.ts"

export interface CodexOptions {
  readonly version: string
  /** Begins a session as it is wished for. Rejects with SkeinError, saying what to do. */
  readonly open: (wishes: ThreadWishes) => Promise<Thread>
  /** A session that is there, of this process or of another. Rejects with SkeinError. */
  readonly resume: (threadId: string) => Promise<Thread>
}

const INSTRUCTIONS =
  "Hands work to the coding agent skein. `codex` begins a thread with a prompt and answers when its turn is over; `codex-reply` goes " +
  "on with it by its threadId, also later. Several threads run at the same time."

/** Codex's two tools: a turn of skein's agent for each call. */
export function codexSource({ version, open, resume }: CodexOptions): McpSource {
  const threads = new Map<string, Thread>()
  const keep = (thread: Thread) => {
    threads.set(threadIdOf(thread), thread)
    return thread
  }
  const begin = (asked: Asked, find: () => Promise<Thread>, prompt: string, isNew: boolean): Work => {
    const work = new Work(asked)
    const run = async () => runThreadTurn(keep(await find()), prompt, isNew, work)
    run().then(
      (result) => work.settle(result),
      (error: unknown) => {
        if (error instanceof SkeinError) work.settle(failed(error))
        else work.fail(error)
      },
    )
    return work
  }
  return {
    ...{ name: "skein-codex", title: "skein, as Codex's MCP server", version, instructions: INSTRUCTIONS },
    tools: async () => CODEX_TOOLS,
    async begin({ name, arguments: input }: CallToolRequestParams, asked) {
      if (name === "codex") {
        const { prompt, wishes } = readNewThread(input)
        return begin(asked, () => open(wishes), prompt, true)
      }
      if (name !== "codex-reply") throw new RequestError("invalid_params", `Unknown tool '${name}'`)
      const { prompt, threadId } = readReply(input)
      return begin(asked, async () => threads.get(threadId) ?? resume(threadId), prompt, false)
    },
    async close() {
      await Promise.all(
        [...threads.values()].map(({ engine, sessionId }) => engine.submit({ type: "session.close", sessionId })),
      )
    },
  }
}

/** The client's model reads why; there is no thread to go on with. */
function failed({ message }: SkeinError) {
  return { content: [{ type: "text" as const, text: message }], isError: true }
}
