import type { ProviderData } from "@skein/protocol"
import { asObject, type JsonObject } from "./json.ts"
import type { Target } from "./wire.ts"

/** Marks opaque data with whom it came from. */
export function tagged(target: Target, data: JsonObject): ProviderData {
  return { wire: target.provider.wire, provider: target.provider.id, model: target.modelId, data }
}

/**
 * The data when it came from this very target, else undefined: another model's signatures and encrypted reasoning are
 * refused by every provider, so they are dropped.
 */
export function ownData(providerData: ProviderData | undefined, target: Target): JsonObject | undefined {
  if (providerData === undefined) return undefined
  const isOwn =
    providerData.wire === target.provider.wire &&
    providerData.provider === target.provider.id &&
    providerData.model === target.modelId
  return isOwn ? asObject(providerData.data) : undefined
}
