import { SkeinError } from "@skein/protocol"
import { contextSize } from "../context/size.ts"
import type { HookOutcome } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { startSession } from "./at-turn.ts"
import type { Effect } from "./effect.ts"
import type { TurnHooks } from "./turn-hooks.ts"

interface Compacting {
  readonly kind: "auto" | "reactive" | "forced"
  readonly keep?: string | undefined
}

/**
 * What a compaction is told to keep, with what hooks add; undefined where one of them blocks it. A window that is full is
 * compacted all the same. Throws SkeinError `hook.blocked` where a person asked for it.
 */
export async function beforeCompaction(
  state: SessionState,
  { kind, keep = "" }: Compacting,
  hooks: TurnHooks,
  ports: TurnPorts,
): Promise<{ readonly keep: string | undefined } | undefined> {
  const { contextTokens, contextTokensMax } = contextSize(state, ports)
  const isFull = kind === "reactive" || (contextTokensMax !== undefined && contextTokens >= contextTokensMax)
  const meant = ({ block, stop }: HookOutcome): Effect | undefined => {
    if (stop !== undefined) return { effect: "stopped", reason: stop.reason }
    return block === undefined || isFull ? undefined : { effect: "blocked", reason: block.reason }
  }
  const outcome = await hooks.run(
    { event: "PreCompact", trigger: kind === "forced" ? "manual" : "auto", instructions: keep },
    { effectOf: meant, drafts: (said) => (kind === "forced" ? [] : toldOf(said, isFull)) },
  )
  const effect = meant(outcome)
  if (effect !== undefined && kind === "forced") {
    throw new SkeinError("hook.blocked", `Not compacted: a hook blocked it: ${effect.reason}`)
  }
  if (effect !== undefined) return undefined
  const kept = [keep, outcome.context ?? ""].filter((text) => text !== "").join("\n\n")
  return { keep: kept === "" ? undefined : kept }
}

function toldOf({ block }: HookOutcome, isFull: boolean) {
  if (block === undefined) return []
  const text = isFull
    ? `A hook would block this compaction (${block.reason}). The model's window is full, so it is made.`
    : `Not compacted: a hook blocked it: ${block.reason}`
  return [{ type: "notice.posted", level: "warning", text, code: "hook" } as const]
}

/** With the new summary in view, what holds for the session is said anew. */
export async function afterCompaction(
  state: SessionState,
  { kind, summary }: { readonly kind: Compacting["kind"]; readonly summary: string },
  hooks: TurnHooks,
  ports: TurnPorts,
): Promise<void> {
  await hooks.run({ event: "PostCompact", trigger: kind === "forced" ? "manual" : "auto", summary })
  if (state.created.agent === undefined) await startSession(state, hooks, "compact", ports)
}
