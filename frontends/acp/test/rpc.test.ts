import { expect, test } from "bun:test"
import { say, testEngine } from "@skein/testkit"
import { served } from "./client.ts"
import { Wire } from "./schema.ts"
import { modelBy } from "./scripts.ts"

/** Everything the agent answers to these lines, by the time the client has gone. */
async function answersTo(...lines: readonly (string | object)[]) {
  const pipe = served(testEngine(modelBy({ hello: [say("Hi")] })))
  const wire = new Wire()
  for (const line of lines) {
    const text = typeof line === "string" ? line : JSON.stringify({ jsonrpc: "2.0", ...line })
    if (typeof line !== "string") wire.fromClient(text)
    pipe.write(text)
  }
  pipe.end()
  const answers: unknown[] = []
  for await (const line of pipe.lines) answers.push(wire.fromAgent(line))
  expect(await pipe.exited).toBe(0)
  return answers
}

const error = (id: unknown, code: number) => ({ id, error: { code } })

test("lines that are no message are answered with the fitting error and end nothing", async () => {
  const answers = await answersTo("{", "[]", "7", "", '{"id":1}', {
    id: "x",
    method: "initialize",
    params: { protocolVersion: 1 },
  })

  expect(answers).toMatchObject([
    error(null, -32700),
    error(null, -32600),
    error(null, -32600),
    error(1, -32600),
    { id: "x", result: { protocolVersion: 1 } },
  ])
})

test("a version that is not known is answered with our own newest", async () => {
  const [answer] = await answersTo({ id: 0, method: "initialize", params: { protocolVersion: 999 } })

  expect(answer).toMatchObject({ id: 0, result: { protocolVersion: 1, authMethods: [], agentInfo: { name: "skein" } } })
})

test("unknown methods are refused, unknown notifications ignored, wrong params named", async () => {
  const answers = await answersTo(
    { id: 1, method: "session/fly", params: {} },
    { id: 2, method: "_own/thing" },
    { id: 3, method: "toString" },
    { method: "_own/news" },
    { method: "session/cancel", params: { sessionId: 7 } },
    { method: "session/cancel", params: { sessionId: "ses_none" } },
    { id: 4, method: "session/new", params: { cwd: "work", mcpServers: [] } },
    { id: 5, method: "session/prompt", params: { sessionId: "ses_none", prompt: [{ type: "text", text: "hi" }] } },
    { id: 6, method: "session/load", params: { sessionId: "../../etc", cwd: "/repo", mcpServers: [] } },
    { id: 7, method: "session/list", params: { cursor: "no" } },
    { id: 8, method: "authenticate", params: { methodId: "none" } },
    { id: 99, result: {} },
  )

  expect(answers).toContainEqual({
    jsonrpc: "2.0",
    id: 4,
    error: {
      code: -32602,
      message: "The params do not fit: cwd: The path is not absolute.",
      data: { issues: [{ path: "cwd", message: "The path is not absolute." }] },
    },
  })
  const codes = (answers as { id: number; error: { code: number } }[]).map(({ id, error: { code } }) => [id, code])
  expect(codes.toSorted(([a = 0], [b = 0]) => a - b)).toEqual([
    [1, -32601],
    [2, -32601],
    [3, -32601],
    [4, -32602],
    [5, -32002],
    [6, -32002],
    [7, -32602],
    [8, -32602],
  ])
})
