import { expect, test } from "bun:test"
import type { EventOf } from "@skein/protocol"
import { call, memoryLogs, type Scripted, say, scriptedModel, type TestTool } from "@skein/testkit"
import { agentNamed, familyModel, taskTools } from "./family.ts"
import { scene, understood } from "./scene.ts"

const COMMAND = { command: "npm test" }
const { reading, ...command } = understood("npm test")
const check: TestTool = {
  effects: [{ ...command, reading: { commands: [], ...reading, isCheck: true } }],
  run: () => ({ forModel: [{ type: "text", text: "ok" }], exitCode: 0 }),
}
const edit: TestTool = {
  effects: [{ kind: "write", paths: ["/repo/a"], isInside: true }],
  run: () => ({ forModel: [], changes: [{ path: "/repo/a", kind: "update", before: "a", after: "b" }] }),
}
/** What an agent does in a worktree that is not the session's folder. */
const apart: TestTool = {
  async run(_, { agents }) {
    const request = { agent: agentNamed("coder"), description: "write", prompt: "write it" }
    const child = await agents?.spawn({ ...request, cwd: "/trees/1" })
    return (await child?.done)?.outcome.kind ?? "none"
  },
}
const both: TestTool = {
  async run(_, context) {
    await context.call?.("edit", {})
    await context.call?.("check", COMMAND)
    return "both"
  },
}

/** What the end of a turn can show for itself. */
async function shown(root: readonly Scripted[], coder: readonly Scripted[] = []) {
  const known = taskTools({ check, edit, apart, both })
  const described = (...asked: Parameters<typeof known.describe>) => {
    const facts = known.describe(...asked)
    return asked[0] === "check" ? { ...facts, kind: "execute" as const } : facts
  }
  const tools = { ...known, describe: described }
  const model = familyModel(scriptedModel(), { root: [...root, say("All is well.")], coder: [...coder, say("done")] })
  const given = await scene(model, { tools, logs: memoryLogs(), isTreeOf: (path) => path.startsWith("/trees/") })
  await given.say("do it")
  const { evidence }: EventOf<"turn.ended"> = await given.session.until("turn.ended")
  await given.engine.close()
  return evidence
}

test("what a child changed makes its parent's checks stale", async () => {
  const evidence = await shown([call("check", COMMAND), call("task", { names: "coder" })], [call("edit", {})])
  expect(evidence).toMatchObject({ mark: "stale", changedFiles: 1 })
})

test("a check that ran after the child's end verifies what it did", async () => {
  const evidence = await shown([call("task", { names: "coder" }), call("check", COMMAND)], [call("edit", {})])
  expect(evidence).toMatchObject({ mark: "verified", changedFiles: 1 })
})

test("what a child checked verifies nothing of its parent's", async () => {
  const evidence = await shown([call("edit", {}), call("task", { names: "coder" })], [call("check", COMMAND)])
  expect(evidence).toEqual({ mark: "unverified", changedFiles: 1, checks: [] })
})

test("what a child changed in a tree of its own is not changed here", async () => {
  const evidence = await shown([call("check", COMMAND), call("apart", {})], [call("edit", {})])
  expect(evidence).toMatchObject({ mark: "verified", changedFiles: 0 })
})

test("an edit and a check that one call makes count as if the model had made them", async () => {
  expect(await shown([call("both", {})])).toMatchObject({ mark: "verified", changedFiles: 1 })
  expect(await shown([call("both", {}), call("edit", {})])).toMatchObject({ mark: "stale" })
})
