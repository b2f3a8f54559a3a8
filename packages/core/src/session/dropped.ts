import type { DurableDraft, Item, ProviderData } from "@skein/protocol"
import { visibleFrom } from "../context/messages.ts"
import { factsOf } from "../context/size.ts"
import type { ModelPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"

/**
 * What a person is told when this change lets another model go on with a conversation: thoughts and signatures are readable by the model
 * alone that made them, so that the new one is not sent them. Nothing when there are none.
 */
export function droppedBy(draft: DurableDraft, state: SessionState, models: ModelPort): readonly DurableDraft[] {
  const model = draft.type === "settings.changed" ? draft.changes.model : undefined
  const { model: before } = state.settings
  if (model === undefined || model === before) return []
  // What is being thought just now is not in the log yet.
  const isThinking = state.turn?.attempt !== undefined && factsOf(before, models)?.reasoning === true
  const made = state.items.slice(visibleFrom(state.items)).flatMap((item) => {
    const by = madeBy(item)
    return by === undefined || by === model ? [] : [by]
  })
  const others = isThinking ? [...made, before] : made
  if (others.length === 0) return []
  const whose = [...new Set(others)].join(" and ")
  const text = `${model} goes on with the conversation and its results, without the hidden reasoning of ${whose}, which nobody else can read.`
  return [{ type: "notice.posted", level: "info", text, code: "model.switched" }]
}

function madeBy(item: Item): string | undefined {
  const data: ProviderData | undefined = "providerData" in item ? item.providerData : undefined
  return data === undefined ? undefined : `${data.provider}/${data.model}`
}
