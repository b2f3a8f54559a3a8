import type { CallToolResult } from "@modelcontextprotocol/server"
import {
  accepted,
  type CallId,
  type ClientId,
  type Engine,
  type Event,
  type EventOf,
  type SessionId,
} from "@skein/protocol"
import { approvalQuestion } from "./approval.ts"
import type { Work } from "./work.ts"

const CLIENT: ClientId = "cli_mcp"

export interface OwnCall {
  readonly name: string
  readonly input: unknown
  readonly sessionId: SessionId
}

/** Makes the call in a session that runs nothing else, and resolves when its turn has ended. Rejects with SkeinError. */
export async function makeCall(call: OwnCall, work: Work, engine: Engine): Promise<CallToolResult> {
  const { sessionId, name, input } = call
  const answers = work.asked.hasForms ? (["approval"] as const) : []
  await accepted(engine, { type: "client.attach", sessionId, clientId: CLIENT, answers: [...answers] })
  const events = engine.events({ sessionId })[Symbol.asyncIterator]()
  let stop = () => {}
  try {
    const { callId } = await accepted(engine, { type: "call.make", sessionId, name, input })
    stop = () => void engine.submit(stopping(sessionId, callId))
    if (work.signal.aborted) stop()
    work.signal.addEventListener("abort", stop, { once: true })
    const settled = await settledIn(events, callId, work, engine)
    return resultOf(settled, call)
  } finally {
    work.signal.removeEventListener("abort", stop)
    await events.return?.()
  }
}

function stopping(sessionId: SessionId, callId: CallId | undefined) {
  return callId === undefined
    ? ({ type: "turn.interrupt", sessionId } as const)
    : ({ type: "call.cancel", sessionId, callId } as const)
}

type Settled = Pick<EventOf<"call.settled">, "outcome" | "forModel"> & Partial<EventOf<"call.settled">>

/** How the call ended, once its turn has: the session is free then. */
async function settledIn(
  events: AsyncIterator<Event>,
  callId: CallId | undefined,
  work: Work,
  engine: Engine,
): Promise<Settled> {
  let settled: Settled | undefined
  for (let next = await events.next(); !next.done; next = await events.next()) {
    const event = next.value
    switch (event.type) {
      case "approval.requested":
        if (work.asked.hasForms) work.ask(approvalQuestion(event, engine))
        break
      case "approval.resolved":
        work.drop(event.approvalId)
        break
      case "call.progress":
        if (event.callId === callId) work.asked.progress(event.bytes, lastLine(event.preview))
        break
      case "notice.posted":
        work.asked.log(event.level === "info" ? "info" : "warning", event.text)
        break
      case "call.settled":
        if (event.callId === callId) settled = event
        break
      case "turn.ended": {
        if (settled !== undefined) return settled
        const { outcome } = event
        const text = "message" in outcome ? outcome.message : undefined
        return failed(text ?? "The call was stopped before it ran.")
      }
    }
  }
  return settled ?? failed("The session was closed before the call was over. Call again.")
}

function failed(text: string): Settled {
  return { outcome: "error", forModel: [{ type: "text", text }] }
}

function lastLine(preview: string): string {
  return preview.trimEnd().split("\n").at(-1) ?? ""
}

/** What the model of the client reads; facts about the call are beside it, under names of ours. */
function resultOf(settled: Settled, { name, sessionId }: OwnCall): CallToolResult {
  const { outcome, forModel, code, exitCode, changes = [] } = settled
  const hint = code === "call.unattended" ? [{ type: "text" as const, text: unattended(name) }] : []
  return {
    content: [
      ...forModel.map((block) =>
        block.type === "text"
          ? { type: "text" as const, text: block.text }
          : { type: "image" as const, data: block.data, mimeType: block.mediaType },
      ),
      ...hint,
    ],
    ...(outcome === "success" ? {} : { isError: true }),
    _meta: {
      "skein/session": sessionId,
      ...(code === undefined ? {} : { "skein/code": code }),
      ...(exitCode === undefined ? {} : { "skein/exitCode": exitCode }),
      ...(changes.length === 0 ? {} : { "skein/changes": changes.map(({ kind, path }) => ({ kind, path })) }),
    },
  }
}

function unattended(name: string): string {
  return (
    `Whoever starts this server can let it run: skein mcp serve --allow-tools ${JSON.stringify(name)}, or --mode accept-edits, ` +
    "auto or full. A client that shows forms (elicitation) is asked instead."
  )
}
