import { ProviderData } from "../content.ts"
import { idSchema } from "../id-schema.ts"
import * as z from "../schema.ts"
import { defineEvent } from "./define.ts"

const itemKind = () => z.enum(["agent_message", "reasoning"])

export const ItemStarted = defineEvent("item.started", "live", () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  itemId: idSchema("itm"),
  kind: itemKind(),
}))

/** Progress only: a client that missed every delta still sees the whole text in `item.completed`. */
export const ItemDelta = defineEvent("item.delta", "live", () => ({
  itemId: idSchema("itm"),
  channel: z.enum(["text", "reasoning"]),
  text: z.string(),
}))

/** Streamed text so far, at least every second or 4 kB: what a crash can lose is at most that. Not flushed. */
export const ItemAppended = defineEvent("item.appended", "durable", () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  itemId: idSchema("itm"),
  kind: itemKind(),
  text: z.string(),
}))

/** The whole text. `index` is its place among the items and calls of its step. */
export const ItemCompleted = defineEvent("item.completed", "durable", () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  itemId: idSchema("itm"),
  index: z.number(),
  kind: itemKind(),
  text: z.string(),
  status: z.enum(["complete", "interrupted"]),
  providerData: ProviderData().optional(),
}))

/** What a provider's search did, as a schema. */
export const hostedAction = () =>
  z.object({
    kind: z.enum(["search", "open_page", "find_in_page", "other"]),
    query: z.string().optional(),
    url: z.string().optional(),
  })

/** The model's provider searches for it now. Told again when more is known of what; `hosted_call.completed` ends it, or the step. */
export const HostedCallStarted = defineEvent("hosted_call.started", "live", () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  itemId: idSchema("itm"),
  name: z.enum(["web_search"]),
  action: hostedAction(),
}))

/**
 * The model's provider searched the web for it, within its own reply: nobody was asked, and nothing of it ran here. What it
 * found is foreign: the turn goes on as one that read the web. `providerData` goes back unchanged.
 */
export const HostedCallCompleted = defineEvent("hosted_call.completed", "durable", () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  itemId: idSchema("itm"),
  index: z.number(),
  name: z.enum(["web_search"]),
  action: hostedAction(),
  /** Pages that it found, as far as the provider says. */
  sources: z.array(z.object({ url: z.string(), title: z.string().optional() })),
  /** Why it found nothing, in the provider's word. */
  failure: z.string().optional(),
  /** The provider paused within it: what it found comes with the next reply. */
  isOpen: z.boolean().optional(),
  providerData: ProviderData().optional(),
}))
