import type { EventOf, SessionId } from "@skein/protocol"
import { threadIdOf } from "./words.ts"

/** Items that are no call of the model's and stay open while the turn goes on. */
export type BesideContent =
  | { readonly type: "todo_list"; readonly items: readonly { readonly text: string; readonly completed: boolean }[] }
  | {
      readonly type: "collab_tool_call"
      readonly tool: "spawn_agent"
      readonly sender_thread_id: string
      readonly receiver_thread_ids: readonly string[]
      readonly prompt: string | null
      readonly agents_states: Readonly<
        Record<string, { readonly status: AgentStatus; readonly message: string | null }>
      >
      readonly status: "in_progress" | "completed" | "failed"
    }

type AgentStatus = "running" | "completed" | "interrupted" | "errored"
type BesideItem = { readonly id: string } & BesideContent
interface BesideEvent {
  readonly type: "item.started" | "item.updated" | "item.completed"
  readonly item: BesideItem
}

/** The list of what is to do, and the sub-agents of a turn: each one item from its beginning to its end. */
export class BesideItems {
  readonly #nextId: () => string
  readonly #children = new Map<SessionId, BesideItem>()
  #list: BesideItem | undefined

  constructor(nextId: () => string) {
    this.#nextId = nextId
  }

  listed({ todos }: EventOf<"todo.changed">): readonly BesideEvent[] {
    const items = todos.map(({ text, status }) => ({ text, completed: status === "completed" }))
    const type = this.#list === undefined ? "item.started" : "item.updated"
    this.#list = { id: this.#list?.id ?? this.#nextId(), type: "todo_list", items }
    return [{ type, item: this.#list }]
  }

  began({ sessionId, childSessionId, agent, description }: EventOf<"subagent.started">): readonly BesideEvent[] {
    const thread = threadIdOf(childSessionId)
    const item: BesideItem = {
      ...{ id: this.#nextId(), type: "collab_tool_call", tool: "spawn_agent" },
      ...{ sender_thread_id: threadIdOf(sessionId), receiver_thread_ids: [thread] },
      prompt: `${agent}: ${description}`,
      agents_states: { [thread]: { status: "running", message: null } },
      status: "in_progress",
    }
    this.#children.set(childSessionId, item)
    return [{ type: "item.started", item }]
  }

  ended({ childSessionId, outcome, text }: EventOf<"subagent.ended">): readonly BesideEvent[] {
    const item = this.#children.get(childSessionId)
    if (item?.type !== "collab_tool_call") return []
    this.#children.delete(childSessionId)
    const status = STATUSES[outcome.kind]
    const agents_states = { [threadIdOf(childSessionId)]: { status, message: text === "" ? null : text } }
    const isDone = outcome.kind === "completed"
    return [{ type: "item.completed", item: { ...item, agents_states, status: isDone ? "completed" : "failed" } }]
  }

  /** The list as it stands at the turn's end; a sub-agent that goes on beside it is told as it is. */
  close(): readonly BesideEvent[] {
    const open = [...(this.#list === undefined ? [] : [this.#list]), ...this.#children.values()]
    this.#list = undefined
    this.#children.clear()
    return open.map((item) => ({ type: "item.completed", item }))
  }
}

const STATUSES: Readonly<Record<EventOf<"subagent.ended">["outcome"]["kind"], AgentStatus>> = {
  completed: "completed",
  interrupted: "interrupted",
  failed: "errored",
  exhausted: "errored",
}
