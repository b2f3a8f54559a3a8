import { isWithin } from "@skein/protocol"
import type { CallPlan, Layer, LayersPort, Verdict } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Standing } from "./standing.ts"

interface PreviewPorts {
  readonly layers: LayersPort
  standing(): Standing
  readonly layer?: Layer | undefined
  onDefect(error: unknown): void
}

/**
 * Whether a call can be run in a throw-away layer, to be approved by what it did: a command that the operating system
 * holds, in folders that it may write. What leaves this machine or is not known cannot be taken back by dropping a layer.
 */
export async function canPreview(plan: CallPlan, state: SessionState, ports: PreviewPorts): Promise<boolean> {
  const { mode, sandbox } = ports.standing()
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

/** A part of a call, as what it does to the world. */
type Part = CallPlan["effects"][number]

/**
 * Whether a dry run need not ask about a call: no rule says that it is asked, and all that is asked about are changes
 * that stay in the layer, until the person keeps or drops them. What is read goes to the model at once, so the question
 * about reading is never spared: `judged` is the policy's word on parts of the call by themselves. What something else
 * runs later is asked about all the same.
 */
export function isHeldByLayer(plan: CallPlan, verdict: Verdict, judged: (parts: readonly Part[]) => Verdict): boolean {
  if (verdict.rule !== undefined || plan.effects.length === 0) return false
  return plan.effects.every((effect) => {
    if (effect.kind === "write") return effect.isInside && effect.runsLater === undefined
    if (effect.kind !== "execute") return judged([effect]).decision === "allow"
    const paths = effect.isConfined ? readInside(effect) : undefined
    if (paths === undefined) return false
    return paths.length === 0 || judged([{ kind: "read", paths, isInside: true }]).decision === "allow"
  })
}

/** All that a command names to read, where all of it lies in the session's folders; undefined where that is not known. */
function readInside({ reading, roots = [] }: Extract<Part, { kind: "execute" }>): readonly string[] | undefined {
  if (reading === undefined || reading.unclear !== undefined || reading.commands.length === 0) return undefined
  const isKnown = reading.commands.every(({ argv, cwd }) => cwd !== undefined && !argv.includes(undefined))
  const paths = reading.commands.flatMap(({ reads }) => reads)
  const isInside = (path: string) => !path.split("/").includes("..") && roots.some((root) => isWithin(path, root))
  return isKnown && paths.every(isInside) ? paths : undefined
}
