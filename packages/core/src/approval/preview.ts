import type { CallPlan, LayersPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Standing } from "./standing.ts"

interface PreviewPorts {
  readonly layers: LayersPort
  readonly standing: Standing
  onDefect(error: unknown): void
}

/**
 * Whether a call can be run in a throw-away layer, to be approved by what it did: a command that the operating system
 * holds, in folders that it may write. What leaves this machine or is not known cannot be taken back by dropping a layer.
 */
export async function canPreview(plan: CallPlan, state: SessionState, ports: PreviewPorts): Promise<boolean> {
  const { mode, sandbox } = ports.standing
  if (mode === "plan" || sandbox !== "workspace-write" || state.turn === undefined) return false
  if (!plan.effects.some((effect) => effect.kind === "execute") || !plan.effects.every(isHeld)) return false
  try {
    return (await ports.layers.available()).isAvailable
  } catch (error) {
    // Asked without that choice, as on a machine that has none.
    ports.onDefect(error)
    return false
  }
}

function isHeld(effect: CallPlan["effects"][number]): boolean {
  if (effect.kind === "execute") return effect.isConfined
  return effect.kind !== "unknown" && effect.kind !== "delegate"
}
