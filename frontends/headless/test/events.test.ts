import { expect, test } from "bun:test"
import type { Event } from "@skein/protocol"
import { openSession, say, scriptedModel, testEngine } from "@skein/testkit"
import { runHeadless } from "../src/index.ts"

test("the events of a new session are its whole log, from the first one", async () => {
  const engine = testEngine(scriptedModel(say("Hi")))
  const { id } = await openSession(engine)
  const lines: Event[] = []
  await runHeadless({
    ...{ engine, sessionId: id, clientId: "cli_1", input: [{ type: "text", text: "go" }], format: "events", from: 1 },
    ...{ isApprovingAll: false, progress: () => undefined, signal: new AbortController().signal },
    answer: (line) => lines.push(JSON.parse(line)),
  })
  await engine.close()

  expect(lines[0]?.type).toBe("session.created")
  const seqs = lines.flatMap((event) => ("seq" in event ? [event.seq] : []))
  expect(seqs).toEqual(seqs.map((_, at) => at + 1))
})
