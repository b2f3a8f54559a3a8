import type { Item, ToolCall } from "@skein/protocol"
import { callFields, hostedReported, resultContent, shellReported } from "./calls.ts"
import { blockOf } from "./content.ts"
import { compaction } from "./notes.ts"
import type { Json } from "./rpc.ts"
import { acpStatus } from "./words.ts"

/** An earlier conversation as updates. What a retry replaced is left out; notices were for their moment. */
export function replay(items: readonly Item[], hasCompaction: boolean): readonly Json[] {
  return items.flatMap((item, at) => updatesOf(item, hasCompaction ? `compaction-${at}` : undefined))
}

function updatesOf(item: Item, compactionId: string | undefined): readonly Json[] {
  switch (item.kind) {
    case "user_message":
      return item.input.map((part) => ({
        sessionUpdate: "user_message_chunk",
        content: blockOf(part),
        messageId: item.inputId,
      }))
    case "agent_message":
    case "reasoning": {
      if (item.status === "discarded" || item.text === "") return []
      const sessionUpdate = item.kind === "reasoning" ? "agent_thought_chunk" : "agent_message_chunk"
      return [{ sessionUpdate, content: { type: "text", text: item.text }, messageId: item.itemId }]
    }
    case "hosted_call":
      return item.isDiscarded ? [] : [hostedReported(item.itemId, item)]
    case "tool_call":
      return [callReplayed(item)]
    case "shell":
      return [{ ...shellReported(item), status: acpStatus(item.state), content: resultContent(item.result) }]
    case "compaction":
      return compactionId === undefined ? [] : [compaction(compactionId, item.summary)]
    case "context":
    case "notice":
      return []
  }
}

function callReplayed(call: ToolCall): Json {
  const content = call.result === undefined ? {} : { content: resultContent(call.result) }
  const fields = callFields({ ...call, kind: call.toolKind })
  return { sessionUpdate: "tool_call", ...fields, status: acpStatus(call.state), ...content }
}
