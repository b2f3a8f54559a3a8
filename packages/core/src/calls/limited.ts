import { SkeinError } from "@skein/protocol"
import type { CallPlan, ClockPort, RunContext, ToolResult, ToolsPort } from "../ports/index.ts"
import { orLeave } from "./leave.ts"

interface LimitedPorts {
  readonly clock: ClockPort
  readonly tools: Pick<ToolsPort, "run">
  readonly progress: (bytes: number, preview: string) => void
}

/**
 * A tool's promise is to keep its own limit and to stop at the signal. One that does neither is told to stop soon after
 * its limit, and then left behind, its result unread.
 */
export async function limited(
  plan: CallPlan,
  context: Omit<RunContext, "progress">,
  { clock, tools, progress }: LimitedPorts,
): Promise<ToolResult> {
  const { signal } = context
  const stop = new AbortController()
  const over = new AbortController()
  const follow = () => stop.abort(signal.reason)
  signal.addEventListener("abort", follow, { once: true })
  clock.sleep(plan.timeoutMs + TIMEOUT_GRACE_MS, over.signal).then(
    () => stop.abort(new SkeinError("call.timeout", `Stopped after ${plan.timeoutMs} ms.`)),
    () => undefined,
  )
  const told = (bytes: number, preview: string) => {
    if (!over.signal.aborted) progress(bytes, preview)
  }
  try {
    return await orLeave(tools.run(plan, { ...context, signal: stop.signal, progress: told }), stop.signal, clock)
  } catch (error) {
    // Whatever the tool said when it was told to stop: the time limit is why.
    throw stop.signal.aborted && !signal.aborted ? stop.signal.reason : error
  } finally {
    over.abort(OVER)
    signal.removeEventListener("abort", follow)
  }
}

/** Ends the guard of a call that is over. Given, because the platform's own reason is an error with a stack, dear for every call. */
const OVER = "over"

/** A tool that ignores its own time limit is given this long before it is told to stop. */
const TIMEOUT_GRACE_MS = 2_000
