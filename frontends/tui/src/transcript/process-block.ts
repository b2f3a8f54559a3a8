import { type EventOf, processNews } from "@skein/protocol"
import type { Block } from "./block.ts"

/** What is told of a process beside the turns; undefined for an end that somebody asked for. */
export function processBlock(event: EventOf<"process.matched" | "process.exited">): Block | undefined {
  if (event.type === "process.exited" && event.isKnown === true) return undefined
  const level = event.type === "process.matched" || event.exitCode === 0 ? "info" : "warning"
  return { kind: "notice", id: event.id, isFinal: true, level, text: processNews(event) }
}
