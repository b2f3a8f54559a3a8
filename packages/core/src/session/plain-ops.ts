import { type DurableDraft, type InputId, type Op, type SettingsChange, SkeinError } from "@skein/protocol"
import { madeSection } from "../context/section.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"
import { withTier } from "./tiers.ts"

/** Ops that are one event and no more. */
const PLAIN = [
  "session.change",
  "turn.label",
  "goal.change",
  "context.add",
  "context.restore",
  "settings.change",
  "trust.decide",
  "input.edit",
  "input.cancel",
] as const
export type PlainOp = Op<(typeof PLAIN)[number]>

type PlainPorts = Pick<EnginePorts, "model" | "tierFor" | "tokens">

export function isPlain(op: Op): op is PlainOp {
  return PLAIN.some((type) => type === op.type)
}

/** The event that such an op is. Throws SkeinError when the session has nothing that it could be about. */
export function eventOf(op: PlainOp, state: SessionState, ports: PlainPorts): DurableDraft {
  switch (op.type) {
    case "session.change": {
      const { title, labels, isArchived, visibility } = op
      return { type: "session.changed", title, labels, isArchived, visibility }
    }
    case "turn.label":
      return { type: "turn.labelled", turnId: op.turnId, label: op.label }
    case "goal.change":
      return { type: "goal.changed", goal: op.goal }
    case "context.add":
      if (state.turn !== undefined)
        throw new SkeinError("turn.busy", "A turn is running. Interrupt it, or wait for its end.")
      return {
        ...{ type: "context.loaded", placement: "inline", cause: "changed" },
        sections: op.texts.map((text) => madeSection("client", text, ports.tokens)),
      }
    case "context.restore":
      for (const inputId of op.inputIds) mustBeAmong(state.said, inputId, "was never said in this session")
      return { type: "context.restored", inputIds: op.inputIds }
    case "settings.change":
      return settingsChanged(op.changes, state, ports)
    case "trust.decide":
      return { type: "trust.decided", folder: op.folder, items: op.items, decision: op.decision }
    case "input.edit":
      mustBeAmong(state.queue, op.inputId, "is not waiting: it was taken or cancelled")
      mustSaySomething(op.input)
      return { type: "input.edited", inputId: op.inputId, input: op.input }
    case "input.cancel":
      mustBeAmong(state.queue, op.inputId, "is not waiting: it was taken or cancelled")
      return { type: "input.cancelled", inputId: op.inputId }
  }
}

/** A model that cannot be asked, for want of a key, is told now. */
function settingsChanged(asked: SettingsChange, state: SessionState, ports: PlainPorts): DurableDraft {
  const changes = withTier(asked, state.settings, state.created.workspace.path, ports)
  if (changes.model !== undefined) ports.model.describe(changes.model)
  return { type: "settings.changed", changes }
}

/** Providers refuse a message without a word or an image in it, and then every one after it. */
export function mustSaySomething(input: Op<"turn.submit">["input"]): void {
  if (input.some((part) => part.type !== "text" || /\S/.test(part.text))) return
  throw new SkeinError("op.invalid", "The input is empty. Say something.")
}

function mustBeAmong(inputs: readonly { readonly inputId: InputId }[], inputId: InputId, why: string): void {
  if (!inputs.some((input) => input.inputId === inputId)) {
    throw new SkeinError("input.not_found", `Input ${inputId} ${why}.`)
  }
}
