import type { AuditEntry } from "@skein/core/ports"
import type { Fields } from "./line.ts"
import { ACTIONS, ACTORS, DECISIONS, KINDS, OUTCOMES, wordOf, wordsOf } from "./words.ts"

/** A keyed hash of a name: equal for equal names of one record, and not to be guessed without its key. */
export type HashName = (name: string) => string

/** More of them would make a line that no reader wants; how many were left out is said. */
const RESOURCES_MAX = 1000

/** What of an entry is kept: ids, words of closed lists, numbers and hashes, and nothing else whatever it holds. */
export function fieldsOf(entry: AuditEntry, hash: HashName): Fields {
  const { at, actor, action, resources, decision, outcome, durationMs } = entry
  const omitted = resources.length - RESOURCES_MAX
  return {
    at: numberOf(at) ?? 0,
    actor: wordOf(ACTORS, actor),
    action: wordOf(ACTIONS, action),
    resources: resources
      .slice(0, RESOURCES_MAX)
      .map(({ kind, name }) => ({ kind: wordOf(KINDS, kind), sha256: hash(name) })),
    resourcesOmitted: omitted > 0 ? omitted : undefined,
    decision: decision === undefined ? undefined : wordOf(DECISIONS, decision),
    outcome: outcome === undefined ? undefined : wordsOf(OUTCOMES, outcome),
    rule: ruleOf(entry.rule, hash),
    sessionId: idOf(entry.sessionId, hash),
    turnId: idOf(entry.turnId, hash),
    callId: idOf(entry.callId, hash),
    durationMs: numberOf(durationMs),
  }
}

/** An id, or scope and decision; a rule in words of its own is a hash. */
function ruleOf(rule: string | undefined, hash: HashName): string | undefined {
  if (rule === undefined || SCOPED.test(rule)) return rule
  return idOf(rule, hash)
}

const SCOPED = /^(once|session|project|user|managed)[ :.](allow|ask|deny)$/

/** Ids are skein's own, or proposed by a client within this shape. */
function idOf(id: string | undefined, hash: HashName): string | undefined {
  if (id === undefined || /^[a-z]{2,4}_[A-Za-z0-9-]{1,64}$/.test(id)) return id
  return `hash:${hash(id)}`
}

function numberOf(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? Math.round(value) : undefined
}
