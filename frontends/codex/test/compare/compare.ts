import type { Told } from "./play.ts"

/** One thing that the two programs told differently. */
export interface Difference {
  /** `+` only skein told it, `-` only Codex did; else the head of a message that both told, and which part of it differs. */
  readonly what: string
  readonly codex?: unknown
  readonly skein?: unknown
}

/**
 * The differences of two transcripts: messages that only one has, and parts of those that both have. Absent and null are one.
 * Answers, what a thread's status is, and what happens in it come from three places of Codex's program, which keep no order
 * among each other: each is held against its own.
 */
export function differences(codex: readonly Told[], skein: readonly Told[]): readonly Difference[] {
  const found: Difference[] = []
  for (const lane of ["answer", "status", "event"] as const) {
    const isIn = ({ head }: Told) => laneOf(head) === lane
    for (const [a, b] of aligned(codex.filter(isIn), skein.filter(isIn))) {
      if (a === undefined) found.push({ what: `+ ${b?.head}` })
      else if (b === undefined) found.push({ what: `- ${a.head}` })
      else parts(a.head, a.content, b.content, found)
    }
  }
  return found
}

function laneOf(head: string): "answer" | "status" | "event" {
  if (/^(answer|error) /.test(head)) return "answer"
  return head.startsWith("thread/status/changed") ? "status" : "event"
}

/** Pairs by the longest run of heads that both have in the same order. */
function aligned(a: readonly Told[], b: readonly Told[]): readonly (readonly [Told | undefined, Told | undefined])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const same = a[i]?.head === b[j]?.head ? 1 + at(lengths, i + 1, j + 1) : 0
      const row = lengths[i]
      if (row) row[j] = Math.max(same, at(lengths, i + 1, j), at(lengths, i, j + 1))
    }
  }
  const pairs: [Told | undefined, Told | undefined][] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i]?.head === b[j]?.head) pairs.push([a[i++], b[j++]])
    else if (j >= b.length || (i < a.length && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      pairs.push([a[i++], undefined])
    } else pairs.push([undefined, b[j++]])
  }
  return pairs
}

function at(lengths: readonly (readonly number[])[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0
}

function parts(where: string, codex: unknown, skein: unknown, found: Difference[]): void {
  if (isTable(codex) && isTable(skein)) {
    for (const key of new Set([...Object.keys(codex), ...Object.keys(skein)])) {
      parts(`${where} .${key}`, codex[key], skein[key], found)
    }
    return
  }
  if (Array.isArray(codex) && Array.isArray(skein) && codex.length === skein.length) {
    for (const [index, one] of codex.entries()) parts(`${where} [${index}]`, one, skein[index], found)
    return
  }
  if ((codex ?? undefined) === (skein ?? undefined)) return
  if (JSON.stringify(codex) === JSON.stringify(skein)) return
  found.push({ what: where, codex, skein })
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
