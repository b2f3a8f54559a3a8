import { type Complaint, complaintOf, isSameComplaint } from "./complaint.ts"
import { propose } from "./propose.ts"
import { type Change, joined } from "./quirk.ts"

/** What is being tried with a request that was refused, between one attempt of its step and the next. */
export interface Trial {
  /** The body of the first refusal. */
  readonly said: string
  /** What the change that is tried now would answer. */
  readonly complaint: Complaint
  /** What answered earlier complaints: the server went on to complain about something else. */
  readonly kept: readonly Change[]
  readonly trying: Change
  /** What else would answer the same complaint. */
  readonly left: readonly Change[]
  /** Requests that were changed so far, the next one included. */
  readonly requests: number
}

/** What a server refused: the words of its 400, and the body that was sent. */
export interface Refused {
  readonly said: string
  readonly body: unknown
}

/** Requests that may be spent on finding out. */
export const REQUESTS_MAX = 4

/**
 * What to try next; undefined when nothing is left that the words call for, or enough was tried. A change stays only
 * where the complaint it was for was gone with it, so what is found in the end is no more than what was needed. Pure.
 */
export function nextTrial(before: Trial | undefined, refused: Refused): Trial | undefined {
  const complaint = complaintOf(refused.said)
  const requests = (before?.requests ?? 0) + 1
  if (requests > REQUESTS_MAX) return undefined
  if (before === undefined)
    return first(propose(complaint, refused.body), { said: refused.said, complaint, kept: [], requests })
  if (isSameComplaint(before.complaint, complaint)) return first(before.left, { ...before, requests })
  const kept = [...before.kept, before.trying]
  return first(propose(complaint, refused.body), { said: before.said, complaint, kept, requests })
}

/** All that is laid over the request that is tried now. */
export function tried({ kept, trying }: Trial): Change {
  return joined([...kept, trying])
}

function first(changes: readonly Change[], about: Omit<Trial, "trying" | "left">): Trial | undefined {
  const [trying, ...left] = changes
  return trying === undefined ? undefined : { ...about, trying, left }
}
