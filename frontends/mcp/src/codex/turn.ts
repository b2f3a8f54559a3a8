import type { CallToolResult } from "@modelcontextprotocol/server"
import { accepted, type ClientId, type Engine, type EventOf, type SessionId } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { Work } from "../work.ts"
import { codexQuestion } from "./approval.ts"
import { CodexEvents } from "./events.ts"

const CLIENT: ClientId = "cli_codex-mcp"

/** A session that a client of Codex's tools has a turn in. */
export interface Thread {
  readonly engine: Engine
  readonly sessionId: SessionId
  /** What must be asked is asked, where the client shows forms; otherwise it is refused. */
  readonly isAsking: boolean
}

/** A session's id as Codex writes one. */
export function threadIdOf({ sessionId }: Pick<Thread, "sessionId">): string {
  return sessionId.slice("ses_".length)
}

/** Runs one prompt to the end of its turn, told as it happens. Rejects with SkeinError where it could not begin. */
export async function runThreadTurn(
  thread: Thread,
  prompt: string,
  isNew: boolean,
  work: Work,
): Promise<CallToolResult> {
  const { engine, sessionId } = thread
  const { requestId, hasForms } = work.asked
  const threadId = threadIdOf(thread)
  const tell = (msg: Json) => {
    const _meta = { requestId, threadId }
    work.asked.notify("codex/event", { _meta, id: String(requestId), msg })
  }
  const { cwd, settings } = await engine.ask({ type: "session.read", sessionId })
  if (isNew) tell({ type: "session_configured", session_id: threadId, model: settings.model, cwd })
  const answers = thread.isAsking && hasForms ? (["approval"] as const) : []
  await accepted(engine, { type: "client.attach", sessionId, clientId: CLIENT, answers: [...answers] })
  const events = engine.events({ sessionId })[Symbol.asyncIterator]()
  const stop = () => void engine.submit({ type: "turn.interrupt", sessionId })
  try {
    const input = [{ type: "text", text: prompt } as const]
    await accepted(engine, { type: "turn.submit", sessionId, input, delivery: "start" })
    if (work.signal.aborted) stop()
    work.signal.addEventListener("abort", stop, { once: true })
    const told = new CodexEvents(cwd)
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value
      for (const msg of told.of(event)) tell(msg)
      if (event.type === "approval.requested" && answers.length > 0) {
        work.ask(codexQuestion(event, { engine, threadId, requestId, cwd }))
      } else if (event.type === "approval.resolved") work.drop(event.approvalId)
      else if (event.type === "turn.ended") return resultOf(threadId, told.lastMessage, event.outcome)
    }
    return resultOf(threadId, "The session was closed before its turn ended.", undefined)
  } finally {
    work.signal.removeEventListener("abort", stop)
    await events.return?.()
  }
}

function resultOf(
  threadId: string,
  said: string,
  outcome: EventOf<"turn.ended">["outcome"] | undefined,
): CallToolResult {
  const isGood = outcome?.kind === "completed"
  const why = outcome === undefined || isGood ? undefined : "message" in outcome ? outcome.message : "Interrupted."
  const content = why ?? said
  return {
    content: [{ type: "text", text: content }],
    structuredContent: { threadId, content },
    ...(isGood ? {} : { isError: true }),
  }
}
