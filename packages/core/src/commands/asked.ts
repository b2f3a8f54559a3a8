import type { CommandReply, SessionId } from "@skein/protocol"

/** A prompt that a command stands for: the person's own input, as if they had typed it. */
export function asked(sessionId: SessionId, text: string): CommandReply {
  return { kind: "ops", ops: [{ type: "turn.submit", sessionId, input: [{ type: "text", text }], delivery: "start" }] }
}
