import { SkeinError } from "@skein/protocol"
import type { Target } from "../wire/wire.ts"
import { shown, whoIs } from "../wire/wording.ts"
import type { KeptQuirks } from "./kept.ts"
import { type Change, changeText, joined } from "./quirk.ts"
import { nextTrial, type Refused, type Trial, tried } from "./trial.ts"

/** Who is asked, and in which conversation: trials of two sessions are two. */
export interface Subject {
  /** `provider/model`. */
  readonly model: string
  readonly host: string
  readonly sessionId: string
  /** What this request was asked with over what is known, as `trying` gave it: others may be under way with something else. */
  readonly tried?: Change | undefined
}

/** A trial, and all that is laid over its request: the same object as long as it is the same trial. */
interface Held {
  readonly trial: Trial
  readonly change: Change
}

/** What is being found out about models, between the attempts of a step. One for a process. */
export interface Autopsy {
  /** What is tried with the next request, over what is known. */
  trying(subject: Subject): Change | undefined
  /**
   * The server refused. Gives SkeinError `provider.quirk_found`, when it is worth asking again with another change, else
   * the refusal itself, saying what was tried.
   */
  refused(subject: Subject, refusal: SkeinError, refused: Refused, target: Target): SkeinError
  /** The server took it. What was tried is kept from now on; gives the sentence that says so. */
  passed(subject: Subject, target: Target): string | undefined
}

/** Keeps no words of the conversation: of each refused request only what the server said about it. */
export function autopsy(kept: KeptQuirks, today: () => string): Autopsy {
  const trials = new Map<string, Held>()
  const keyOf = ({ model, host, sessionId }: Subject) => `${sessionId} ${host} ${model}`
  return {
    trying: (subject) => trials.get(keyOf(subject))?.change,
    refused(subject, refusal, refused, target) {
      const held = trials.get(keyOf(subject))
      const before = held?.trial
      // It says nothing of what is tried by now: it is asked again with that.
      if (held !== undefined && held.change !== subject.tried) return found(refusal, held.trial, refused, target)
      const next = nextTrial(before, refused)
      if (next === undefined) {
        trials.delete(keyOf(subject))
        return before === undefined ? refusal : inVain(refusal, before)
      }
      trials.set(keyOf(subject), { trial: next, change: tried(next) })
      return found(refusal, next, refused, target)
    },
    passed(subject, target) {
      const held = trials.get(keyOf(subject))
      if (held === undefined || held.change !== subject.tried) return undefined
      const { trial } = held
      trials.delete(keyOf(subject))
      const { model, host } = subject
      const change = joined([kept.of(model, host) ?? {}, tried(trial)])
      const unwritten = kept.keep({ model, host, date: today(), said: wordsOf(trial.said, target), change })
      const where = unwritten?.message ?? `That is kept: skein models quirks show ${model}`
      return `${whoIs(target)} takes ${target.modelId} with ${changeText(tried(trial))}. ${where}`
    },
  }
}

function found(refusal: SkeinError, trial: Trial, { said }: Refused, target: Target): SkeinError {
  const text = `${whoIs(target)} refused the request (${wordsOf(said, target)}). It is asked again with ${changeText(trial.trying)}.`
  return new SkeinError("provider.quirk_found", text, { cause: refusal, ...idOf(refusal) })
}

function inVain(refusal: SkeinError, trial: Trial): SkeinError {
  const tries = trial.requests === 1 ? "One change was" : `${trial.requests} changes were`
  const text = `${refusal.message} ${tries} tried, and none was taken, the last with ${changeText(tried(trial))}.`
  return new SkeinError(refusal.code, text, {
    cause: refusal,
    ...(refusal.httpStatus === undefined ? {} : { httpStatus: refusal.httpStatus }),
    ...idOf(refusal),
  })
}

function idOf({ requestId }: SkeinError): { readonly requestId?: string } {
  return requestId === undefined ? {} : { requestId }
}

const SAID_CHARS_MAX = 240

/** The sentence of a JSON error, else all of it. */
function wordsOf(said: string, target: Target): string {
  const message = /"(?:message|msg|detail)"\s*:\s*"((?:[^"\\]|\\.){1,1000})"/.exec(said)?.[1]
  const words = shown(message?.replaceAll('\\"', '"') ?? said, target)
  return words.length > SAID_CHARS_MAX ? `${words.slice(0, SAID_CHARS_MAX)}…` : words
}
