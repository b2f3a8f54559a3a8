import type { ModelChunk } from "@skein/core/ports"
import { asObject, asText, type JsonObject } from "./json.ts"
import { tagged } from "./provider-data.ts"
import { sourcesOf } from "./search.ts"
import type { Target } from "./wire.ts"

/** Searches of the Messages API: a block with the query, and the next one with what was found. Both go back as they came. */
export interface AnthropicSearches {
  /** The block with the query is whole. */
  asked(index: number, block: JsonObject): readonly ModelChunk[]
  /** A block with results, which comes at once. */
  answered(index: number, block: JsonObject): readonly ModelChunk[]
  /** The reply is over: a query without results is one that the provider paused within. */
  end(): readonly ModelChunk[]
}

export function anthropicSearches(target: Target): AnthropicSearches {
  let open: { readonly index: number; readonly block: JsonObject } | undefined

  function end(): readonly ModelChunk[] {
    if (open === undefined) return []
    const { index, block } = open
    open = undefined
    return whole(index, { action: actionOf(block), isOpen: true }, [block])
  }
  function whole(index: number, facts: Facts, blocks: readonly JsonObject[]): readonly ModelChunk[] {
    return [
      { type: "hosted", index, ...facts },
      { type: "item_end", index, providerData: tagged(target, { blocks }) },
    ]
  }

  return {
    asked(index, block) {
      const before = end()
      open = { index, block }
      return [...before, { type: "hosted", index, action: actionOf(block) }]
    },
    answered(index, block) {
      const asked = open?.block.id === block.tool_use_id ? open : undefined
      if (asked !== undefined) open = undefined
      const action = actionOf(asked?.block)
      const blocks = asked === undefined ? [block] : [asked.block, block]
      return whole(asked?.index ?? index, { action, ...foundIn(block) }, blocks)
    },
    end,
  }
}

type Facts = Omit<Extract<ModelChunk, { type: "hosted" }>, "type" | "index">

function actionOf(block: JsonObject | undefined): Facts["action"] {
  const query = asText(asObject(block?.input)?.query)
  return { kind: "search", ...(query === "" ? {} : { query }) }
}

/** A list of pages, or an object that says what went wrong. */
function foundIn({ content }: JsonObject): Pick<Facts, "sources" | "failure"> {
  const failure = asText(asObject(content)?.error_code)
  return failure === "" ? { sources: sourcesOf(content) } : { failure }
}
