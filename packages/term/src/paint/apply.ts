import type { Pen } from "./pen.ts"
import type { Plan } from "./plan.ts"

/** Writes a plan. Rows above `wrapsAbove` are history: the terminal may wrap them rather than lose a cell. */
export function apply(plan: Plan, pen: Pen, wrapsAbove = 0): void {
  for (const { row, column, cells, erasesRest, erasesFirst } of plan.patches) {
    pen.moveTo(row, column)
    if (erasesFirst) pen.eraseRest()
    pen.write(cells, row < wrapsAbove)
    if (erasesRest) pen.eraseRest()
  }
  if (plan.erasesFrom === undefined) return
  pen.moveTo(plan.erasesFrom, 0)
  pen.eraseBelow()
}
