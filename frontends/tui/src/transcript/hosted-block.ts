import { type HostedFacts, hostedNow, hostedWords } from "@skein/protocol"
import type { Block } from "./block.ts"

/** What the model's provider searched for it: a line, as nothing of it can be opened here. */
export function hostedBlock(id: string, call: HostedFacts): Block {
  const level = call.failure === undefined ? "info" : "warning"
  return { kind: "notice", id, isFinal: true, level, text: hostedWords(call) }
}

/** The same while it goes on. */
export function searchingBlock(id: string, call: Pick<HostedFacts, "action">): Block {
  return { kind: "notice", id, isFinal: false, level: "info", text: `${hostedNow(call)} …` }
}
