import { SkeinError } from "@skein/protocol"
import { CallDefect, ToolFailure } from "../ports/index.ts"
import { cancelled, refusal, type Settled, stopped } from "./outcome.ts"

interface Failing {
  readonly name: string
  readonly signal: AbortSignal
  readonly hasBegun: boolean
  readonly onDefect: (error: unknown) => void
}

/** Which lane an error is in decides what it becomes: words for the model, a cancelled call, or a loud end. */
export function failureOf(error: unknown, { name, signal, hasBegun, onDefect }: Failing): Settled {
  if (signal.aborted) return hasBegun ? stopped(signal) : cancelled(signal)
  if (error instanceof ToolFailure) return refusal("error", "call.failed", error.message)
  if (error instanceof CallDefect || error instanceof SkeinError) return refusal("error", error.code, error.message)
  onDefect(error)
  const message = error instanceof Error ? error.message : String(error)
  return refusal("error", "internal.defect", `The tool ${name} broke: ${message}. Try another way.`)
}
