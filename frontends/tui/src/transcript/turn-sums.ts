import type { DurableEvent, EventOf, FileChange, TurnId } from "@skein/protocol"
import type { TurnEndBlock } from "./block.ts"

/** What a turn can show for itself at its end, counted while it runs. */
export class TurnSums {
  readonly turnId: TurnId
  readonly startedAt: number
  steps = 0
  #tokens = 0
  #microUsd: number | undefined
  #added = 0
  #removed = 0
  readonly #files = new Set<string>()
  #checks: { readonly command: string; readonly exitCode: number }[] = []

  constructor({ turnId, at }: EventOf<"turn.started">) {
    this.turnId = turnId
    this.startedAt = at
  }

  stepped({ usage, microUsd }: EventOf<"step.ended">): void {
    this.#tokens += usage.input + usage.cacheRead + usage.cacheWrite + usage.output
    if (microUsd !== undefined) this.#microUsd = (this.#microUsd ?? 0) + microUsd
  }

  /** A command that ended after the last change is evidence of how things are now; one before it is none. */
  settled({ changes = [], exitCode, outcome }: EventOf<"call.settled">, command: string | undefined): void {
    for (const change of changes) {
      this.#files.add(change.path)
      const { added, removed } = countLines(change)
      this.#added += added
      this.#removed += removed
    }
    if (changes.length > 0) this.#checks = []
    if (command === undefined || exitCode === undefined || outcome === "cancelled") return
    this.#checks = [...this.#checks.filter((check) => check.command !== command), { command, exitCode }].slice(
      -CHECKS_MAX,
    )
  }

  ended(event: EventOf<"turn.ended"> & DurableEvent): TurnEndBlock {
    return {
      kind: "end",
      id: `end:${event.turnId}`,
      isFinal: true,
      outcome: event.outcome,
      durationMs: event.at - this.startedAt,
      steps: this.steps,
      tokens: this.#tokens,
      microUsd: this.#microUsd,
      changed: { files: this.#files.size, added: this.#added, removed: this.#removed },
      checks: this.#files.size > 0 ? this.#checks : [],
    }
  }
}

const CHECKS_MAX = 3

/** Lines that a unified diff adds and takes away. */
export function countLines({ diff = "" }: Pick<FileChange, "diff">): {
  readonly added: number
  readonly removed: number
} {
  let added = 0
  let removed = 0
  for (const line of diff.split("\n")) {
    if (line.startsWith("+") && !line.startsWith("+++")) added++
    else if (line.startsWith("-") && !line.startsWith("---")) removed++
  }
  return { added, removed }
}
