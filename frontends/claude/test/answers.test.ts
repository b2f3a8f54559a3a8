import { expect, test } from "bun:test"
import { talk } from "./talk.ts"

const isResult = (line: { type?: string }) => line.type === "result"
const asks = (line: { type?: string; request?: unknown }) => line.type === "control_request"
const addRules = (behavior: string, content: string, destination: string) => ({
  ...{ type: "addRules", behavior, destination },
  rules: [{ toolName: "Bash", ruleContent: content }],
})

test("the answer goes before rules of other scopes, which could answer the question in its place", async () => {
  const host = talk(["--permission-prompt-tool=stdio"])
  host.user("run it")
  host.answer(await host.until(asks), {
    behavior: "allow",
    updatedInput: { command: "echo ho", timeout: 500 },
    updatedPermissions: [
      addRules("allow", "git *", "session"),
      addRules("allow", "echo *", "userSettings"),
      addRules("deny", "echo *", "session"),
    ],
  })
  await host.until(isResult)
  await host.end()

  const told = host.engine.ops.filter(({ type }) => type === "approval.answer" || type === "rule.add")
  expect(told.map(({ type }) => type)).toEqual(["approval.answer", "rule.add", "rule.add"])
  expect(told[0]).toMatchObject({ answer: "allow_always", updatedInput: { command: "echo ho", timeoutMs: 500 } })
})
