import type { Asked } from "./model.ts"
import type { Reply } from "./wire.ts"

/** A reply that comes bit by bit: so many pieces a second, a packet each. Resolves when all of it was sent. */
export function slowly(reply: Reply, piecesPerSecond: number, pieceBytes = 200): (asked: Asked) => Promise<void> {
  return async ({ answer, bytes }) => {
    const all = bytes(reply)
    await answer.head(200)
    const startMs = performance.now()
    for (let at = 0, count = 0; at < all.length; at += pieceBytes, count++) {
      await answer.piece(all.subarray(at, at + pieceBytes))
      await Bun.sleep(Math.max(0, startMs + (count * 1000) / piecesPerSecond - performance.now()))
    }
    await answer.end()
  }
}

/** Numbered lines that are nowhere else, as code, so that each is a line of the screen. */
export function numbered(count: number, from = 0): string {
  const lines = Array.from({ length: count }, (_, at) => `L${String(from + at).padStart(5, "0")}`)
  return `\`\`\`\n${lines.join("\n")}\n\`\`\`\n`
}

/** The numbers of such lines in the order in which they stand. */
export function numbersIn(lines: readonly string[]): number[] {
  return lines.flatMap((line) => [...line.matchAll(/L(\d{5})/g)].map(([, number]) => Number(number)))
}
