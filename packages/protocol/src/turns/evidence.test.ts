import { expect, test } from "bun:test"
import { evidenceLines, evidenceOf } from "./evidence.ts"
import { type TurnCheck, type TurnRecord, turnBegun } from "./record.ts"

const check = (command: string, exitCode: number, isStale = false): TurnCheck => ({ command, exitCode, isStale })

function turn(files: number, ...checks: readonly TurnCheck[]): TurnRecord {
  const begun = turnBegun({ turnId: "trn_1", at: 0 })
  const paths = Array.from({ length: files }, (_, at) => `/repo/${at}.ts`)
  return { ...begun, changed: { ...begun.changed, paths }, checks }
}

const markOf = (record: TurnRecord) => evidenceOf(record)?.mark

test("a turn that changed and checked nothing has nothing to show", () => {
  expect(evidenceOf(turn(0))).toBeUndefined()
})

test("what was changed and never checked is unverified", () => {
  const evidence = evidenceOf(turn(1))
  expect(evidence).toEqual({ mark: "unverified", changedFiles: 1, checks: [] })
  expect(evidence && evidenceLines(evidence)).toEqual(["unverified  no test, build or lint ran after the last edit"])
})

test("one check that failed since the last edit outweighs all that went well", () => {
  expect(markOf(turn(1, check("npm test", 0), check("npm run lint", 2)))).toBe("failed")
  expect(markOf(turn(1, check("npm test", 0), check("npm run lint", 0)))).toBe("verified")
})

test("a check from before the last edit verifies nothing, whether it went well or not", () => {
  expect(markOf(turn(1, check("npm test", 0, true)))).toBe("stale")
  expect(markOf(turn(1, check("npm test", 1, true)))).toBe("stale")
})

test("a line names the command on one line, how it ended, and whether that was after the last edit", () => {
  const evidence = evidenceOf(turn(1, check("cd a\n  npm test", 0), check("make lint", 1, true)))
  expect(evidence && evidenceLines(evidence)).toEqual([
    "verified    cd a⏎npm test  exit 0, after the last edit",
    "stale       make lint  exit 1, before the last edit",
  ])
})

test("of very many checks those that failed are named first", () => {
  const many = Array.from({ length: 20 }, (_, at) => check(`test ${at}`, at === 0 ? 1 : 0))
  const evidence = evidenceOf(turn(1, ...many))
  expect(evidence?.checks.length).toBe(12)
  expect(evidence?.checks[0]).toEqual(check("test 0", 1))
})
