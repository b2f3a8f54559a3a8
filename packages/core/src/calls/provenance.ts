import type { NetworkAttempt } from "@skein/protocol"
import { type CallPlan, type Effect, type ToolResult, vendoredFolder } from "../ports/index.ts"
import { foreignCommand } from "./foreign-command.ts"

type Provenance = NonNullable<ToolResult["provenance"]>

/**
 * Where a result came from, and whether it may be followed without asking. A tool's own word counts where it is the
 * stricter one: what it says of itself does not make trusted what its plan shows to come from elsewhere. Of what was
 * delegated to children, `readByAgents` says what they read: this session's own words, where they read nothing foreign.
 */
export function provenanceOf(
  plan: CallPlan,
  result: ToolResult | undefined,
  roots: readonly string[],
  readByAgents?: readonly string[],
): Provenance {
  const said = result?.provenance
  if (said?.isTrusted === false) return said
  const reached = (result?.network ?? []).filter(({ decision }: NetworkAttempt) => decision === "allowed")
  if (reached[0] !== undefined) return foreign(`what ${plan.name} got from ${reached[0].host}`)
  const effects: readonly Effect[] = plan.effects.length > 0 ? plan.effects : [{ kind: "unknown" }]
  const [readByAgent] = readByAgents ?? []
  if (readByAgent !== undefined) return foreign(`what a sub-agent made of ${readByAgent}`)
  for (const effect of effects) {
    if (effect.kind === "delegate" && readByAgents !== undefined) continue
    const source = foreignSource(plan.name, effect, roots)
    if (source !== undefined) return foreign(source)
  }
  return said ?? { source: plan.name, isTrusted: true }
}

function foreignSource(tool: string, effect: Effect, roots: readonly string[]): string | undefined {
  switch (effect.kind) {
    case "none":
    case "write":
      return undefined
    case "read":
      return effect.paths.find((path) => !effect.isInside || vendoredFolder(path, roots) !== undefined)
    case "execute":
      if (!effect.isConfined) return `what a command without a sandbox said`
      return foreignCommand(effect, roots)
    case "network":
      return `what ${tool} got from ${effect.hosts[0] ?? "the network"}`
    case "remote":
      return effect.isTrusted === true ? undefined : `what ${tool} said`
    default:
      return `what ${tool} said`
  }
}

function foreign(source: string): Provenance {
  return { source, isTrusted: false }
}
