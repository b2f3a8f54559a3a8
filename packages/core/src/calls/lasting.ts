import type { ToolCall } from "@skein/protocol"
import { heldTo, type Standing } from "../approval/standing.ts"
import type { CallPlan, NetworkGate, RunContext } from "../ports/index.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { provenanceOf } from "./provenance.ts"

/** What a call holds is let go of when nobody holds it any more: the call itself, and each process that it began. */
export interface Holding {
  hold(): void
  letGo(): void
}

/** Held once. */
export function holding(release: () => void): Holding {
  let holders = 1
  return {
    hold: () => {
      holders += 1
    },
    letGo: () => {
      holders -= 1
      if (holders === 0) release()
    },
  }
}

interface Running {
  readonly plan: CallPlan
  readonly network: NetworkGate | undefined
  readonly held: Holding
}

/** What a running call gets for beginning something that outlasts it. */
export function lastingOf(
  state: SessionState,
  call: ToolCall,
  { plan, network, held }: Running,
  ports: TurnPorts & { standing(): Standing },
): Pick<RunContext, "processes" | "offerBackground" | "network"> {
  const { processesFor, offerBackground } = ports
  if (processesFor === undefined) return {}
  const { callId, name } = call
  let reached: string | undefined
  const gate: NetworkGate | undefined =
    network &&
    (async (target, signal) => {
      const answer = await network(target, signal)
      if (answer.isAllowed) reached ??= target.host
      return answer
    })
  const { source, isTrusted } = provenanceOf(plan, undefined, rootsOf(state))
  const planned = isTrusted ? undefined : source
  const beginning = {
    ...{ callId, cwd: state.created.workspace.path, sandbox: heldTo(ports.standing()), network: gate, ...held },
    isWatched: plan.effects.some((effect) => effect.kind !== "execute" || effect.isReadOnly !== true),
    source: () => planned ?? (reached === undefined ? undefined : `what ${name} got from ${reached}`),
  }
  return {
    ...(gate === undefined ? {} : { network: gate }),
    processes: () => processesFor(beginning),
    offerBackground: (move) => offerBackground?.(callId, move),
  }
}
