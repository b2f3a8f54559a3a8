import type { Op, Receipt } from "@skein/protocol"

/**
 * What this client offered to answer, and the servers that it brought. A server that was begun anew knows nothing of it, so it is
 * offered over each connection.
 */
export class Attached {
  readonly #ops = new Map<string, Op<"client.attach" | "mcp.bring">>()

  note(op: Op, receipt: Receipt): void {
    if (receipt.status === "rejected") return
    // Without its id: it is to be done again.
    if (op.type === "client.attach") this.#ops.set(`${op.sessionId} ${op.clientId}`, { ...op, opId: undefined })
    else if (op.type === "mcp.bring") this.#ops.set(`${op.sessionId} servers`, { ...op, opId: undefined })
    else if (op.type === "client.detach") this.#ops.delete(`${op.sessionId} ${op.clientId}`)
    else if (op.type === "session.close" || op.type === "session.delete") {
      for (const [key, { sessionId }] of this.#ops) if (sessionId === op.sessionId) this.#ops.delete(key)
    }
  }

  get ops(): readonly Op[] {
    return [...this.#ops.values()]
  }
}
