import type { CallPlan, Effect, PolicyState } from "@skein/core/ports"
import { isListed, judgeHost } from "../hosts/judge-host.ts"
import { targetOf } from "../hosts/name.ts"
import { commandParts, writePart } from "./commands.ts"
import type { Kind } from "./modes.ts"
import type { Part } from "./part.ts"
import type { Places } from "./places.ts"

/** A planned call as the parts that it is judged by. Never empty: what declares nothing is the worst. */
export function partsOf(plan: CallPlan, state: PolicyState, places: Places, home: string | undefined): readonly Part[] {
  const effects: readonly Effect[] = plan.effects.length > 0 ? plan.effects : [{ kind: "unknown" }]
  const parts = effects.flatMap((effect) => ofEffect(effect))
  return parts.map((part) =>
    isForeign(plan.name) && !part.kinds.includes("remote_look")
      ? { ...part, sensitive: part.sensitive ?? "calls a server" }
      : part,
  )

  function ofEffect(effect: Effect): readonly Part[] {
    const { name: tool } = plan
    const call = { kind: "call" } as const
    switch (effect.kind) {
      case "execute":
        return commandParts(effect, { tool, state, places, home })
      case "read": {
        const { isInside, paths } = effect
        const reads = paths.map(
          (path): Part => ({
            subject: path,
            kinds: [places.kindOfRead(path, { isInside })],
            about: { kind: "path", access: "read", path },
            always: { tool, path },
          }),
        )
        return reads.length > 0
          ? reads
          : [{ subject: tool, kinds: [isInside ? "read_inside" : "read_outside"], about: call }]
      }
      case "write": {
        const { isInside, paths, runsLater } = effect
        const writes = paths.map((path): Part => {
          if (runsLater !== undefined) return laterPart(path, tool, runsLater)
          // The plan has looked at what lies inside, from the root it lies in.
          if (!isInside) return writePart(path, { tool, place: { isInside }, places })
          return {
            subject: path,
            kinds: ["write_inside"],
            about: { kind: "path", access: "write", path },
            always: { tool, path },
          }
        })
        return writes.length > 0
          ? writes
          : [{ subject: tool, kinds: [isInside ? "write_inside" : "write_outside"], about: call }]
      }
      case "network":
        return effect.hosts.length > 0
          ? effect.hosts.map((host) => reached(host, tool, state))
          : [{ subject: tool, kinds: ["host_unlisted"], about: call, sensitive: "reaches hosts that it does not name" }]
      case "delegate":
        return [{ subject: effect.to, kinds: ["delegate"], about: call, sensitive: "hands work to another agent" }]
      case "remote":
        return [{ subject: tool, kinds: [remoteKind(effect)], about: call, always: { tool } }]
      case "none":
        return [{ subject: tool, kinds: ["nothing"], about: call }]
      case "unknown":
        return [
          {
            subject: tool,
            kinds: ["unknown"],
            about: call,
            sensitive: "may do anything",
            ...(isForeign(tool) ? { always: { tool } } : {}),
          },
        ]
    }
  }
}

/** Tools of servers, which nobody here has read. */
const isForeign = (tool: string) => tool.startsWith("mcp__")

function remoteKind({ isApproved, isReadOnlyHinted, isUnasked }: Extract<Effect, { kind: "remote" }>): Kind {
  if (!isApproved && isUnasked !== true) return "remote_new"
  if (isReadOnlyHinted) return "remote_look"
  return isUnasked === true ? "remote_unasked" : "remote_known"
}

function laterPart(path: string, tool: string, runsLater: string): Part {
  const about = { kind: "path", access: "write", path } as const
  return {
    subject: path,
    kinds: ["write_later"],
    why: `it writes ${path}: ${runsLater}`,
    about,
    always: { tool, path },
  }
}

/** A host that a tool itself reaches: as a process would be judged. */
function reached(host: string, tool: string, state: PolicyState): Part {
  const target = targetOf(host)
  const about = { kind: "host", host } as const
  if (target === undefined)
    return { subject: host, kinds: ["unknown"], why: `${JSON.stringify(host)} is no host`, about }
  const { decision, reasons } = judgeHost(target, tool, { ...state, taint: [] })
  const part = { subject: host, why: reasons[0], about, always: { tool, host } }
  if (decision === "deny") return { ...part, kinds: ["host_refused"] }
  if (isListed(target, tool, state)) return { ...part, kinds: ["host_listed"] }
  const sensitive = "reaches a host that is not on the list"
  return { ...part, kinds: [decision === "allow" ? "host_listed" : "host_unlisted"], sensitive }
}
