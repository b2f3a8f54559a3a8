import type { CommandRisk } from "@skein/core/ports"
import type { Word } from "../syntax/nodes.ts"

/** What is said of one command, before its redirections and its surroundings are weighed. */
export interface Verdict {
  readonly risks: readonly CommandRisk[]
  readonly reason: string
  readonly powerful?: readonly string[]
  readonly writes?: readonly Word[]
  readonly reads?: readonly Word[]
  readonly hosts?: readonly string[]
  /** What an approval for always may cover: so many words, or these words alone. */
  readonly keeps?: number | "all"
  /** An option stands among those words and belongs to them: `python -m pytest`. */
  readonly keepsOptions?: boolean
}

export function verdict(
  risks: CommandRisk | readonly CommandRisk[],
  reason: string,
  more: Omit<Verdict, "risks" | "reason"> = {},
): Verdict {
  return { risks: typeof risks === "string" ? [risks] : risks, reason, ...more }
}

/** The worse of both, with the first one's words where they are equally bad. */
export function merged(a: Verdict, b: Verdict): Verdict {
  const both = [a, b].toSorted((x, y) => severity(x.risks) - severity(y.risks))
  return {
    risks: [...a.risks, ...b.risks],
    reason: both[0]?.reason ?? a.reason,
    powerful: [...(a.powerful ?? []), ...(b.powerful ?? [])],
    writes: [...(a.writes ?? []), ...(b.writes ?? [])],
    reads: [...(a.reads ?? []), ...(b.reads ?? [])],
    hosts: [...(a.hosts ?? []), ...(b.hosts ?? [])],
    ...(a.keeps === undefined ? {} : { keeps: a.keeps }),
  }
}

const WORST_FIRST: readonly CommandRisk[] = [
  "escalate",
  "destroy",
  "publish",
  "network",
  "unknown",
  "execute",
  "write",
  "read",
]

function severity(risks: readonly CommandRisk[]): number {
  return Math.min(...risks.map((risk) => WORST_FIRST.indexOf(risk)))
}

/** Each once, worst first; `read` only when there is nothing else. */
export function sorted(risks: readonly CommandRisk[]): readonly CommandRisk[] {
  const found = WORST_FIRST.filter((risk) => risks.includes(risk))
  return found.length > 1 ? found.filter((risk) => risk !== "read") : found
}
