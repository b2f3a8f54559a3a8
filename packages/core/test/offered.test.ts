import { expect, test } from "bun:test"
import { call, say, scriptedModel, testTools } from "@skein/testkit"
import { scene } from "./scene.ts"

/** What became of a call to `named` where the session leaves only `left` to the model. */
async function called(named: string, left: readonly string[]) {
  const ran: string[] = []
  const run = (name: string) => ({ run: () => `${ran.push(name)} done` })
  const model = scriptedModel(call(named, {}), say("done"))
  const given = await scene(model, { tools: testTools({ kept: run("kept"), taken: run("taken") }) }, { tools: left })
  await given.say("go")
  const { code, forModel } = await given.session.until("call.settled")
  const { outcome } = await given.session.until("turn.ended")
  return { ran, code, told: forModel, outcome: outcome.kind }
}

test("a tool that the person took from the session is not run, though the model names it", async () => {
  const told = (text: string) => [{ type: "text" as const, text }]
  expect(await called("taken", ["kept"])).toEqual({
    ...{ ran: [], code: "call.unknown_tool", outcome: "completed" },
    told: told('There is no tool "taken" in this session, so nothing was run. The tools are kept.'),
  })
  expect(await called("kept", [])).toEqual({
    ...{ ran: [], code: "call.unknown_tool", outcome: "completed" },
    told: told('There is no tool "kept" in this session, so nothing was run. It has no tools: answer in words.'),
  })
  expect((await called("kept", ["kept"])).ran).toEqual(["kept"])
})
