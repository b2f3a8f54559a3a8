import { expect, test } from "bun:test"
import { call, say, scriptedModel, testTools } from "@skein/testkit"
import { logOf } from "../../test/reopened.ts"
import { replaySeed, semanticSummary, sessionText } from "./artifacts.ts"

const tools = testTools({ read: { run: () => "canary result" } })
const log = await logOf(scriptedModel(call("read", { secret: "canary input" }), say("canary answer")), { tools })

test("a replay seed is the same each time, names what is open, and holds no word of the session", () => {
  const cut = log.slice(
    0,
    log.findIndex((event) => event.type === "call.settled"),
  )
  const seed = replaySeed(cut, "art_1")
  expect(JSON.stringify(replaySeed(structuredClone(cut), "art_1"))).toBe(JSON.stringify(seed))
  expect([seed.seq, seed.openTurn, seed.openCalls]).toEqual([cut.length, "trn_1", ["cal_1"]])
  expect(seed.counts["call.requested"]).toBe(1)
  for (const { seq, type } of seed.references) expect(cut[seq - 1]?.type).toBe(type)
  expect(JSON.stringify(seed)).not.toContain("canary")
})

test("the hashes of a replay seed tell which part of two folds differs", () => {
  const [whole, cut] = [replaySeed(log, "a").stateHashes, replaySeed(log.slice(0, -1), "a").stateHashes]
  const differing = Object.keys({ ...whole, ...cut })
    .filter((part) => whole[part] !== cut[part])
    .toSorted()
  expect(differing).toEqual(["lastOutcome", "seq", "turn", "turns", "turnsEnded"])
})

test("a semantic summary has its text, its hash and the turns it stands for, and nothing else that was said", () => {
  const made = semanticSummary(log, { artifactId: "art_2", text: "all of it", source: "file" })
  expect(made).toMatchObject({ kind: "semantic-summary", text: "all of it", bytes: 9, seq: log.length })
  expect(made.covers.map(({ turnId, toSeq }) => [turnId, toSeq])).toEqual([["trn_1", log.length]])
  expect(JSON.stringify(made)).not.toContain("canary")
})

test("a session in one text has the person's words and what was done", () => {
  for (const part of ["go", "canary answer", "canary result"]) expect(sessionText(log)).toContain(part)
})
