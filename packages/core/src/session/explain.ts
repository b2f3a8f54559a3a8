import { type Explanation, type Query, SkeinError } from "@skein/protocol"
import { policyState, standingOf } from "../approval/standing.ts"
import { CallDefect, type CallPlan, type PlanContext, ToolFailure } from "../ports/index.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"
import { sessionsFor } from "./sessions.ts"

/** What would be decided about a call, and why. It is planned, which reads, and judged; nothing is run or asked. */
export async function explain(
  state: SessionState,
  { tool, input }: Extract<Query, { type: "permissions.explain" }>,
  ports: EnginePorts,
): Promise<Explanation> {
  const standing = standingOf(state.settings)
  const rules = ports.rulesFor(state.created.workspace.path)
  let plan: CallPlan
  try {
    plan = await ports.tools.plan(tool, input, planContext(state, ports))
  } catch (error) {
    if (!(error instanceof CallDefect || error instanceof ToolFailure || error instanceof SkeinError)) throw error
    return { decision: "deny", reasons: [`it could not be run at all: ${error.message}`], parts: [] }
  }
  const state_ = policyState(state, { rules: () => rules, standing: () => standing, clock: ports.clock })
  const { decision, reasons, rule, parts = [] } = ports.policy.judge(plan, state_)
  return { decision, reasons, rule, parts }
}

function planContext(state: SessionState, ports: EnginePorts): PlanContext {
  const { mode, sandbox } = state.settings
  return {
    sessionId: state.sessionId,
    cwd: state.created.workspace.path,
    roots: rootsOf(state),
    sandbox: mode === "plan" ? "read-only" : sandbox,
    observed: (path) => state.observed.get(path),
    signal: new AbortController().signal,
    sessions: sessionsFor(state, ports),
    askClient: async () => {
      throw new SkeinError("client.gone", "Nobody is asked while a call is only explained.")
    },
  }
}
