import type { EventOf } from "../events/index.ts"
import { type TurnCheck, type TurnRecord, verdictOf } from "./record.ts"

/** What a turn's end can show for what it changed. */
export type Evidence = NonNullable<EventOf<"turn.ended">["evidence"]>

/** As many checks as a turn's end names: those that failed first, then the newest. */
const NAMED_MAX = 12

/**
 * What the log says of how things are at a turn's end, whatever the model says; undefined for a turn that changed nothing and
 * checked nothing. `verified` takes a check that ran to its end and went well after the last edit, and none since that failed.
 */
export function evidenceOf({ changed, checks }: TurnRecord): Evidence | undefined {
  const changedFiles = changed.paths.length
  if (changedFiles === 0 && checks.length === 0) return undefined
  return { mark: markOf(checks), changedFiles, checks: namedChecks(checks, { max: NAMED_MAX }) }
}

function markOf(checks: readonly TurnCheck[]): Evidence["mark"] {
  const verdicts = new Set(checks.map(verdictOf))
  if (verdicts.has("failed")) return "failed"
  if (verdicts.has("verified")) return "verified"
  return verdicts.has("stale") ? "stale" : "unverified"
}

/** Of many checks the newest that failed, and with the room that is left the newest others; in the order they ended. */
export function namedChecks(
  checks: readonly TurnCheck[],
  { max, failedMax = max }: { readonly max: number; readonly failedMax?: number },
): readonly TurnCheck[] {
  const failed = checks.filter((check) => verdictOf(check) === "failed").slice(-failedMax)
  const room = Math.max(max - failed.length, 0)
  const others = checks.filter((check) => verdictOf(check) !== "failed")
  const kept = new Set([...failed, ...(room === 0 ? [] : others.slice(-room))])
  return checks.filter((check) => kept.has(check))
}

/** A line of plain text for each check, and one where there is none: `verified    npm test  exit 0, after the last edit`. */
export function evidenceLines({ checks, changedFiles }: Evidence): readonly string[] {
  if (checks.length === 0) return [`${"unverified".padEnd(12)}no test, build or lint ran after the last edit`]
  return checks.map((check) => {
    const when = check.isStale ? ", before the last edit" : changedFiles > 0 ? ", after the last edit" : ""
    const command = check.command.replaceAll(/\s*\n\s*/g, "⏎")
    return `${verdictOf(check).padEnd(12)}${command}  exit ${check.exitCode}${when}`
  })
}
