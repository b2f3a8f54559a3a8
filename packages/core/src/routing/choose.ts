import type { Effort, Optimize, Tier } from "@skein/protocol"
import type { Complexity } from "./judge.ts"

/** A tier that a turn could have: a model of the session's provider. */
export interface Offer {
  readonly tier: Tier
  readonly model: string
  readonly effort?: Effort | undefined
  /** What such a turn would cost, in micro-USD; undefined where the price is not known. */
  readonly microUsd: number | undefined
  /** How long the person's own turns of this model took in the middle; undefined where there were none. */
  readonly turnMs: number | undefined
}

/**
 * The offer that a prompt of this complexity should have; undefined where there is none. `now` is the one that is asked
 * already: its prefix is cached, so that a cheaper model can cost more.
 */
export function chosen(
  offers: readonly Offer[],
  complexity: Complexity,
  { optimize, now }: { readonly optimize: Optimize; readonly now: Offer | undefined },
): Offer | undefined {
  const wanted = wantedOf(offers, complexity, optimize)
  if (wanted === undefined || now === undefined || optimize === "speed" || optimize === "quality") return wanted
  const isEnough = rank(now.tier) >= rank(wanted.tier)
  const isNoDearer = now.microUsd !== undefined && wanted.microUsd !== undefined && now.microUsd <= wanted.microUsd
  return isEnough && isNoDearer ? now : wanted
}

function wantedOf(offers: readonly Offer[], complexity: Complexity, optimize: Optimize): Offer | undefined {
  const least = LEAST[optimize][complexity]
  // Where none is as strong as wanted, the strongest there is.
  const adequate = offers.filter(({ tier }) => rank(tier) >= rank(least))
  const by = (key: (offer: Offer) => number | undefined) => (a: Offer, b: Offer) =>
    (key(a) ?? Number.POSITIVE_INFINITY) - (key(b) ?? Number.POSITIVE_INFINITY) || rank(a.tier) - rank(b.tier)
  const among = adequate.length > 0 ? adequate : offers.toSorted((a, b) => rank(b.tier) - rank(a.tier)).slice(0, 1)
  if (optimize === "cost") return among.toSorted(by(({ microUsd }) => microUsd))[0]
  if (optimize === "speed") return among.toSorted(by(({ turnMs }) => turnMs))[0]
  return among.toSorted(by(({ tier }) => rank(tier)))[0]
}

/** The weakest tier that will do. */
const LEAST: Readonly<Record<Optimize, Readonly<Record<Complexity, Tier>>>> = {
  balanced: { trivial: "rush", simple: "rush", moderate: "smart", complex: "smart", expert: "deep" },
  quality: { trivial: "smart", simple: "smart", moderate: "smart", complex: "deep", expert: "deep" },
  cost: { trivial: "rush", simple: "rush", moderate: "rush", complex: "smart", expert: "smart" },
  speed: { trivial: "rush", simple: "rush", moderate: "rush", complex: "smart", expert: "deep" },
}

/** Tiers that a prompt can be sent to, from the weakest. */
export const ROUTED = ["rush", "smart", "deep"] as const satisfies readonly Tier[]

const RANKS: Readonly<Record<Tier, number>> = { free: 0, rush: 1, smart: 2, deep: 3 }

function rank(tier: Tier): number {
  return RANKS[tier]
}
