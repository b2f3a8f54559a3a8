import type { Rule } from "../rule.ts"
import { isSource, isTest, type Tree } from "../tree.ts"

/** Lines from which a file is looked at twice. */
export const LINES_MAX = 300
/** A test reads from top to bottom, so it may be longer. */
export const TEST_LINES_MAX = 500

/** Nobody reads or writes these: a script makes them, and a test says when it is due. */
const GENERATED: ReadonlySet<string> = new Set(["adapters/tools/src/schemas.ts"])

/** Files that were already longer when the rule came, with the lines they had: path → lines. */
export type Baseline = Readonly<Record<string, number>>

export const BASELINE = "tools/tidy/golden/sizes.json"

export const sizesShrink: Rule = {
  name: `a file has at most ${LINES_MAX} lines, a test ${TEST_LINES_MAX}, or fewer than when it was last looked at`,
  why: "a file that does one thing fits on a few screens; the list of exceptions only ever shrinks",
  instead:
    "take the second responsibility out into a file of its own; `bun tools/tidy/bless.ts` lowers the list after that",
  check(tree) {
    const baseline = JSON.parse(tree.files.get(BASELINE) ?? "{}") as Baseline
    const lines = linesOf(tree)
    return [
      ...[...lines].flatMap(([path, count]) => {
        const known = baseline[path]
        if (known === undefined) return count > linesMax(path) ? [{ path, what: `has ${count} lines` }] : []
        return count > known ? [{ path, what: `grew from ${known} to ${count} lines` }] : []
      }),
      ...Object.keys(baseline)
        .filter((path) => (lines.get(path) ?? 0) <= linesMax(path))
        .map((path) => ({ path, what: "is in the list of exceptions and no longer needs to be" })),
    ]
  },
}

/** The baseline with every number lowered to what is true now; nothing is added or raised. */
export function shrunk(tree: Tree, baseline: Baseline): Baseline {
  const lines = linesOf(tree)
  return Object.fromEntries(
    Object.entries(baseline).flatMap(([path, known]) => {
      const count = lines.get(path) ?? 0
      return count > linesMax(path) ? [[path, Math.min(known, count)]] : []
    }),
  )
}

function linesMax(path: string): number {
  return isTest(path) ? TEST_LINES_MAX : LINES_MAX
}

function linesOf(tree: Tree): Map<string, number> {
  return new Map(
    [...tree.files].flatMap(([path, text]) =>
      isSource(path) && !GENERATED.has(path) ? [[path, text.trimEnd().split("\n").length]] : [],
    ),
  )
}
