import type { CapabilityProvider, Place, ToolFacts, ToolOffer, ToolSpec } from "@skein/core/ports"

/** The tools of all providers, in the order in which those were registered. */
export interface Provided {
  list(place: Place | undefined): readonly ToolFacts[]
  /** Rows that are told of as built-in tools are, and what providers tell in their own way. */
  offered(offer: ToolOffer): { readonly rows: readonly ToolFacts[]; readonly specs: readonly ToolSpec[] }
  /** Whose this name is. The first that owns it. */
  owner(name: string): CapabilityProvider | undefined
}

/** Without a place nothing but the built-in tools is there. */
export function providedBy(providers: readonly CapabilityProvider[]): Provided {
  return {
    list: (place) => (place === undefined ? [] : providers.flatMap((provider) => provider.discover(place))),
    offered(offer) {
      const { place } = offer
      if (place === undefined || providers.length === 0) return NOTHING
      const own = providers.filter(({ offered }) => offered !== undefined)
      return {
        rows: providers.flatMap((provider) => (provider.offered === undefined ? provider.discover(place) : [])),
        // For a small model the bare work is enough.
        specs: offer.profile === "compact" ? [] : own.flatMap((provider) => provider.offered?.(offer, place) ?? []),
      }
    },
    owner: (name) => providers.find((provider) => provider.owns(name)),
  }
}

const NOTHING = { rows: [], specs: [] }
