import type { Verdict } from "../ports/index.ts"

/** A call that may not run, and who says so. */
export interface Refused {
  readonly kind: "refused"
  readonly code: "call.denied" | "call.unattended" | "call.stale_plan" | "hook.blocked"
  /** For the model. */
  readonly text: string
  /** For the person: who refused it, why, and what they can do. */
  readonly forPerson: string
  readonly verdict: Verdict
}

/** By a rule or a mode. */
export function denied(verdict: Verdict): Refused {
  const why = verdict.reasons.join("; ")
  const forPerson = `Not run, and you were not asked: ${why}. /permissions shows what is allowed.`
  return { kind: "refused", code: "call.denied", text: `Not allowed: ${why}.`, forPerson, verdict }
}

/** Nobody was there to be asked. */
export function unattended(verdict: Verdict): Refused {
  const why = verdict.reasons.join("; ")
  const text = `Not run: it needs a person's approval (${why}), and nobody is there to ask.`
  const forPerson = `Not run: it needs your yes (${why}), and you were not there to be asked. Say to go on, and you are asked.`
  return { kind: "refused", code: "call.unattended", text, forPerson, verdict }
}

/** By a person. */
export function refusedBy(feedback: string | undefined, verdict: Verdict): Refused {
  const asked = "The person refused this call."
  const isSilent = feedback === undefined || feedback === ""
  const text = isSilent
    ? `${asked} Do not try it another way; ask or go on without it.`
    : `${asked} They say: ${feedback}`
  const forPerson = isSilent ? "You said no. It did not run." : `You said no: ${feedback}`
  return { kind: "refused", code: "call.denied", text, forPerson, verdict }
}

/** A call that a hook did not let run. */
export function refusedByHook(reason: string | undefined, verdict?: Verdict): Refused {
  const why = reason === undefined || reason === "" ? "It gives no reason" : reason.replace(/\.$/, "")
  return {
    kind: "refused",
    code: "hook.blocked",
    text: `A hook of the person's did not let this call run: ${why}.`,
    forPerson: `Not run: a hook blocked it: ${why}.`,
    verdict: verdict ?? { decision: "deny", reasons: [`a hook blocked it: ${why}`] },
  }
}
