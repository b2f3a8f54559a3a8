import { expect, test } from "bun:test"
import { codex } from "./codex-program.ts"
import { differences } from "./compare/compare.ts"
import { ALLOWED } from "./compare/differences.ts"
import { play } from "./compare/play.ts"
import { SCRIPTS } from "./compare/scripts.ts"
import { isMissing } from "./program.ts"

const isSkipped = isMissing || codex === undefined

/** Rules that were needed. */
const used = new Set<RegExp>()

for (const [name, steps] of Object.entries(SCRIPTS)) {
  test.skipIf(isSkipped)(
    `told alike: ${name}`,
    async () => {
      const [theirs, ours] = await Promise.all([play("codex", codex ?? "", steps), play("skein", codex ?? "", steps)])
      const unexplained = differences(theirs, ours).filter(({ what }) => {
        const allowed = ALLOWED.filter((rule) => rule.what.test(what))
        for (const rule of allowed) used.add(rule.what)
        return allowed.length === 0
      })
      expect(unexplained).toEqual([])
    },
    60_000,
  )
}

test.skipIf(isSkipped)("each difference that is allowed is there", () => {
  expect(ALLOWED.filter(({ what }) => !used.has(what)).map(({ what }) => String(what))).toEqual([])
})
