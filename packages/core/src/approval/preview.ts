import type { CallPlan, Layer, LayersPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Standing } from "./standing.ts"

interface PreviewPorts {
  readonly layers: LayersPort
  readonly standing: Standing
  readonly layer?: Layer | undefined
  onDefect(error: unknown): void
}

/**
 * Whether a call can be run in a throw-away layer, to be approved by what it did: a command that the operating system
 * holds, in folders that it may write. What leaves this machine or is not known cannot be taken back by dropping a layer.
 */
export async function canPreview(plan: CallPlan, state: SessionState, ports: PreviewPorts): Promise<boolean> {
  const { mode, sandbox } = ports.standing
  if (ports.layer !== undefined) return false // it is in one
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

/** A tool that writes or reaches others by itself, in this process, is held by no sandbox. */
function isHeld(effect: CallPlan["effects"][number]): boolean {
  if (effect.kind === "execute") return effect.isConfined
  return effect.kind === "none" || (effect.kind === "read" && effect.isInside)
}

/**
 * Whether all that a call does stays in the layer of a dry run: commands that the operating system holds, and files of the
 * session's folders. What something else runs later is asked about all the same.
 */
export function isHeldByLayer({ effects }: CallPlan): boolean {
  return effects.every((effect) => {
    if (effect.kind === "write") return effect.isInside && effect.runsLater === undefined
    if (effect.kind === "read") return effect.isInside
    return effect.kind === "none" || (effect.kind === "execute" && effect.isConfined)
  })
}
