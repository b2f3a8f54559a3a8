import type { Json } from "@skein/protocol/json"

export interface Notification {
  readonly method: string
  readonly params: Json
}

/** How what happens in one thread is addressed. */
export class Telling {
  readonly threadId: string
  /** Of the turn that runs; empty when none does. */
  turnId = ""

  constructor(threadId: string) {
    this.threadId = threadId
  }

  /** Of the thread. */
  note(method: string, params: Json): Notification {
    return { method, params: { threadId: this.threadId, ...params } }
  }

  /** Of the turn that runs. */
  inTurn(method: string, params: Json): Notification {
    return { method, params: { ...params, threadId: this.threadId, turnId: this.turnId } }
  }

  started(item: Json, at: number): Notification {
    return this.inTurn("item/started", { item, startedAtMs: at })
  }

  completed(item: Json, at: number): Notification {
    return this.inTurn("item/completed", { item, completedAtMs: at })
  }

  /** An item that is there at once. */
  whole(item: Json, at: number): readonly Notification[] {
    return [this.started(item, at), this.completed(item, at)]
  }

  status(status: Json): Notification {
    return this.note("thread/status/changed", { status })
  }
}

export const ACTIVE: Json = { type: "active", activeFlags: [] }
export const IDLE: Json = { type: "idle" }
