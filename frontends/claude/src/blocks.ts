import type { EventOf } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"

/** A provider's signature stays in our log; hosts need the field, not its value. */
export function blockOf(kind: EventOf<"item.completed">["kind"], text: string): Json {
  return kind === "reasoning" ? { type: "thinking", thinking: text, signature: "" } : { type: "text", text }
}

/** A search of the provider, as the blocks that the Anthropic API has for its own. */
export function hostedBlocks({ itemId, action, sources, failure }: EventOf<"hosted_call.completed">): readonly Json[] {
  const { query, url } = action
  const input = { ...(query === undefined ? {} : { query }), ...(url === undefined ? {} : { url }) }
  const content =
    failure === undefined
      ? sources.map((source) => ({ type: "web_search_result", url: source.url, title: source.title ?? source.url }))
      : { type: "web_search_tool_result_error", error_code: failure }
  return [
    { type: "server_tool_use", id: itemId, name: "web_search", input },
    { type: "web_search_tool_result", tool_use_id: itemId, content },
  ]
}
