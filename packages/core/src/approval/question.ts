import type { Answer, FileChange, Rule, ToolCall } from "@skein/protocol"
import type { CallPlan, CommandRisk, RandomPort, Verdict } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Question } from "../turn/ports.ts"
import { taintOf } from "./standing.ts"

interface Asking {
  readonly state: SessionState
  readonly call: ToolCall
  readonly plan: CallPlan
  readonly verdict: Verdict
  readonly isPreviewable: boolean
}

/** What a person is asked about a call: all that will be done, where, why it is asked, and what can be answered. */
export function questionOf(
  { state, call, plan, verdict, isPreviewable }: Asking,
  { random }: { readonly random: RandomPort },
): Question {
  return {
    type: "approval.requested",
    approvalId: random.id("apr"),
    subject: "call",
    callId: call.callId,
    actions: [...plan.actions],
    digest: plan.digest,
    ...whyAsked(state, verdict),
    ...writesOf(plan),
    options: optionsFor(verdict.always, isPreviewable),
    ...(plan.hunksCount === undefined ? {} : { hunksCount: plan.hunksCount }),
  }
}

const PLAIN: ReadonlySet<CommandRisk> = new Set(["read", "write"])

/** What a command line says itself that it changes. A program that runs other code may change more than is named. */
function writesOf({ effects }: CallPlan): Pick<Question, "writes"> {
  const readings = effects.flatMap((effect) => (effect.kind === "execute" ? [effect.reading] : []))
  const commands = readings.flatMap((reading) => reading?.commands ?? [])
  const paths = [...new Set(commands.flatMap(({ writes }) => writes))]
  if (paths.length === 0) return {}
  const isUnderstood = readings.every((reading) => reading !== undefined && reading.unclear === undefined)
  const isPlain = commands.every(({ argv, risks, writes }) => {
    const isNamed = argv.every((word) => word !== undefined) && (writes.length > 0 || !risks.includes("write"))
    return isNamed && risks.every((risk) => PLAIN.has(risk))
  })
  return { writes: { paths, isAll: isUnderstood && isPlain } }
}

/** What stands in every question of a session: the reasons, where it happens, and what the turn has read. */
export function whyAsked(state: SessionState, { always, rule, reasons }: Verdict) {
  const taint = taintOf(state)
  return {
    reasons: [...reasons],
    rule,
    always,
    cwd: state.created.workspace.path,
    ...(taint.length === 0 ? {} : { taint: [...taint] }),
  }
}

/** Always is offered only where a rule would spare the question. */
export function optionsFor(always: Rule | undefined, isPreviewable: boolean): Answer[] {
  const preview: Answer[] = isPreviewable ? ["preview"] : []
  return always === undefined
    ? ["allow_once", ...preview, "reject_once"]
    : ["allow_once", "allow_always", ...preview, "reject_once", "reject_always"]
}

/** Every file is named, however many they are; their diffs only as far as a person can read. */
export function boundedDiffs(changes: readonly FileChange[]): FileChange[] {
  let left = DIFF_CHARS_MAX
  return changes.map(({ diff, ...change }) => {
    if (diff === undefined || diff.length > left) return change
    left -= diff.length
    return { ...change, diff }
  })
}

const DIFF_CHARS_MAX = 200_000
