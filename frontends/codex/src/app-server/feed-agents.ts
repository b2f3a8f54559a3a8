import type { EventOf, SessionId } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { plainId, threadIdOf } from "../words.ts"
import type { Notification, Telling } from "./telling.ts"

interface OpenChild {
  readonly id: string
  readonly turnId: string
  readonly prompt: string
}

/** Sub-agents: each stretch of work of one is an item, open from its beginning to its end, which may be in a later turn. */
export class AgentFeed {
  readonly #telling: Telling
  readonly #open = new Map<SessionId, OpenChild>()

  constructor(telling: Telling) {
    this.#telling = telling
  }

  started(event: EventOf<"subagent.started">): readonly Notification[] {
    const child = { id: plainId(event.id), turnId: this.#telling.turnId, prompt: event.description }
    this.#open.set(event.childSessionId, child)
    return [this.#telling.started(this.#item(event.childSessionId, child), event.at)]
  }

  ended(event: EventOf<"subagent.ended">): readonly Notification[] {
    const child = this.#open.get(event.childSessionId)
    if (child === undefined) return []
    this.#open.delete(event.childSessionId)
    const { method, params } = this.#telling.completed(this.#item(event.childSessionId, child, event), event.at)
    return [{ method, params: { ...params, turnId: child.turnId } }]
  }

  #item(childSessionId: SessionId, { id, prompt }: OpenChild, end?: EventOf<"subagent.ended">): Json {
    const threadId = threadIdOf(childSessionId)
    const state = { status: end === undefined ? "running" : STATES[end.outcome.kind], message: end?.text ?? null }
    return {
      ...{ type: "collabAgentToolCall", id, tool: "spawnAgent", prompt, model: null, reasoningEffort: null },
      status: end === undefined ? "inProgress" : end.outcome.kind === "completed" ? "completed" : "failed",
      senderThreadId: this.#telling.threadId,
      receiverThreadIds: [threadId],
      agentsStates: { [threadId]: state },
    }
  }
}

const STATES = {
  completed: "completed",
  interrupted: "interrupted",
  failed: "errored",
  exhausted: "errored",
} as const
