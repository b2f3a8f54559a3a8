import type { ModelInfo, WebSearch } from "@skein/protocol"
import { policyState, standingOf } from "../approval/standing.ts"
import { modelNow } from "../transcript/model.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { factsOf } from "./size.ts"

type SearchPorts = Pick<TurnPorts, "model" | "policy" | "rules" | "clock">

/** The name that rules know it by. */
export const WEB_SEARCH = "web_search"

/**
 * What the provider may search in the next request, or why it may search nothing though the person wants it to. A narrower
 * search than the provider can be held to is none: what was not wanted is never searched in its place.
 */
export function searchFor(
  state: SessionState,
  ports: SearchPorts,
): { readonly search?: WebSearch; readonly refusal?: string } {
  const { webSearch } = state.settings
  const model = modelNow(state)
  if (webSearch === undefined || webSearch.access === "disabled") return {}
  const refusal = unable(webSearch, model, factsOf(model, ports.model)) ?? denied(state, ports)
  return refusal === undefined ? { search: webSearch } : { refusal: `The web is not searched: ${refusal}` }
}

function unable(wanted: WebSearch, name: string, model: ModelInfo | undefined): string | undefined {
  const { search, provider } = model ?? {}
  if (search === undefined)
    return `${name} has no search of its own. Choose a model that has one, or /web-search disabled.`
  if (wanted.access === "cached" && !search.isCacheable) {
    return `${provider} searches only the web as it is now. /web-search live allows that.`
  }
  if ((wanted.allowedDomains ?? []).length > 0 && !search.isBoundable) {
    return `${provider} cannot be held to some domains. Take the domains away (/web-search domains=), or choose another model.`
  }
  return undefined
}

function denied(state: SessionState, { policy, rules, clock }: SearchPorts): string | undefined {
  const plan = {
    ...{ name: WEB_SEARCH, input: {}, effects: [{ kind: "none" }] as const, actions: [] },
    ...{ isConcurrent: true, digest: "", timeoutMs: 0 },
  }
  const standing = () => standingOf(state.settings)
  const verdict = policy.judge(plan, policyState(state, { rules, standing, clock }))
  return verdict.decision === "deny" ? `${verdict.reasons.join("; ")}.` : undefined
}
