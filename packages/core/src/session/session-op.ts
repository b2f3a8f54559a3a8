import type { Op } from "@skein/protocol"

/** Ops addressed to a session that exists. */
export type SessionOp = Exclude<Op, { type: "session.create" | "session.fork" | "session.handoff" | "session.delete" }>

/** Ops that must reach a session whose lane is taken: they stop or answer what the lane waits for. */
export function isAside(op: SessionOp): boolean {
  return (
    op.type === "turn.interrupt" ||
    op.type === "approval.answer" ||
    op.type === "call.cancel" ||
    // It may wait for a place, or for the child's end.
    op.type.startsWith("agent.") ||
    // So may the start of a server.
    op.type.startsWith("mcp.") ||
    op.type === "call.background" ||
    op.type.startsWith("process.") ||
    op.type.startsWith("client.")
  )
}
