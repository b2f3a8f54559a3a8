import type { DurableDraft, ToolCall } from "@skein/protocol"
import { type Refused, refusedByHook } from "../approval/refused.ts"
import { cut } from "../calls/bound.ts"
import type { Settled } from "../calls/outcome.ts"
import type { CallPlan } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { addedContext, contextOf } from "./context.ts"
import type { HookWord } from "./weigh.ts"

interface HookedCall<P = TurnPorts> {
  readonly state: SessionState
  readonly call: ToolCall
  readonly ports: P
}

/** As they are for one call: `signal` is its own. */
interface CallPorts extends TurnPorts {
  readonly replan: (input: unknown) => Promise<CallPlan>
}

export type BeforeCall =
  | { readonly kind: "go"; readonly plan: CallPlan; readonly said?: HookWord; readonly input?: unknown }
  | Refused
  /** Its turn ends here, so it does not begin. */
  | { readonly kind: "stopped" }

/**
 * After a call was planned and before it is judged: hooks may block it, write its arguments anew, or say how it is to be
 * judged. Throws what planning throws, and the signal's reason where it was stopped meanwhile.
 */
export async function beforeCall({ state, call, ports }: HookedCall<CallPorts>, plan: CallPlan): Promise<BeforeCall> {
  const { hooks, tokens, signal, replan } = ports
  const { callId } = call
  if (hooks === undefined) return { kind: "go", plan }
  const about = `of the call ${call.name}`
  const outcome = await hooks.run(
    { event: "PreToolUse", toolName: call.name, callId, input: call.input },
    {
      ...{ callId, signal },
      drafts: (said) => [
        ...(said.input === undefined ? [] : [{ type: "call.amended", callId, input: said.input, by: "hook" } as const]),
        ...contextOf({ state, tokens, about })(said),
      ],
    },
  )
  if (signal.aborted) throw signal.reason
  const { block, decision, reason, input, stop } = outcome
  if (block !== undefined) return refusedByHook(block.reason)
  if (decision === "deny") return refusedByHook(reason)
  if (stop !== undefined) return { kind: "stopped" }
  const now = input === undefined ? plan : await replan(input)
  return { kind: "go", plan: now, said: { decision, reason }, input }
}

interface Ended {
  readonly settled: Settled
  readonly durationMs: number
}

/** What a call gave, and what hooks add to it: after it ran and before anybody reads of it. */
export async function afterCall(
  { state, call, ports }: HookedCall,
  { settled, durationMs }: Ended,
): Promise<{ readonly settled: Settled; readonly drafts: readonly DurableDraft[] }> {
  const { hooks, tokens } = ports
  const { callId, name: toolName, input } = call
  const whole = { toolName, callId, input, durationMs }
  const about = `of what ${toolName} gave`
  if (settled.outcome !== "success") {
    const isInterrupted = settled.outcome === "cancelled"
    const detail = { event: "PostToolUseFailure", ...whole, error: textOf(settled), isInterrupted } as const
    // Whoever stopped it does not wait for a hook.
    if (isInterrupted) hooks?.observe(detail)
    const outcome = isInterrupted ? undefined : await hooks?.run(detail, { callId })
    return { settled, drafts: addedContext(outcome?.context, { state, tokens, about }) }
  }
  const outcome = await hooks?.run({ event: "PostToolUse", ...whole, output: textOf(settled) }, { callId })
  if (outcome === undefined) return { settled, drafts: [] }
  const { output, block, context } = outcome
  const replaced = output === undefined ? settled : { ...settled, forModel: [{ type: "text", text: output } as const] }
  return {
    settled: replaced,
    drafts: [...objection(block, { toolName, state, tokens }), ...addedContext(context, { state, tokens, about })],
  }
}

/** It may not run: hooks hear of it, and may say to the model what it can do instead. */
export async function afterRefusal({ state, call, ports }: HookedCall, { text }: Refused): Promise<void> {
  const { hooks, tokens } = ports
  const { callId, name: toolName, input } = call
  const drafts = contextOf({ state, tokens, about: `of the call ${toolName}, which was not allowed` })
  await hooks?.run({ event: "PermissionDenied", toolName, callId, input, reason: text }, { callId, drafts })
}

/** It has run, so it cannot be blocked any more: the model reads what is wrong with it, and the person too. */
function objection(
  block: { readonly reason: string } | undefined,
  { toolName, state, tokens }: { toolName: string; state: SessionState; tokens: TurnPorts["tokens"] },
): DurableDraft[] {
  if (block === undefined) return []
  const text = `A hook objects to what ${toolName} did: ${block.reason}`
  const about = `that what ${toolName} did is not right`
  return [
    ...addedContext(block.reason, { state, tokens, about }),
    { type: "notice.posted", level: "warning", text, code: "hook" },
  ]
}

const TOLD_CHARS_MAX = 100_000

function textOf({ forModel }: Settled): string {
  const texts = forModel.flatMap((block) => (block.type === "text" ? [block.text] : []))
  return cut(texts.join("\n"), TOLD_CHARS_MAX)
}
