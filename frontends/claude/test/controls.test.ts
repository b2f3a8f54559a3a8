import { expect, test } from "bun:test"
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { asList, asObject, type Json, parseObject } from "@skein/protocol/json"
import { agent, isMissing, real } from "./real.ts"

const host = real((prompt) =>
  prompt.includes("serve")
    ? { text: "I will.", call: { name: "bash", input: { command: "echo up; sleep 60", background: true } } }
    : { text: "Hello there friend" },
)

/** The program at the other end of a pipe, for requests that the SDK has no typed method for. */
function piped(...argv: string[]) {
  const child = Bun.spawn([agent, "--output-format=stream-json", "--input-format=stream-json", "--verbose", ...argv], {
    ...{ cwd: host.cwd, stdin: "pipe", stdout: "pipe", stderr: "ignore" },
    env: { PATH: process.env.PATH ?? "", HOME: host.cwd, ...host.env() },
  })
  const lines: Json[] = []
  const waiting: { isMeant: (line: Json) => boolean; resolve: (line: Json) => void }[] = []
  const reading = (async () => {
    let left = ""
    const decoder = new TextDecoder()
    for await (const bytes of child.stdout) {
      const parts = (left + decoder.decode(bytes, { stream: true })).split("\n")
      left = parts.pop() ?? ""
      for (const line of parts.map((text): Json => parseObject(text) ?? {})) {
        lines.push(line)
        for (const each of waiting) if (each.isMeant(line)) each.resolve(line)
      }
    }
  })()
  let ids = 0
  const send = (line: object) => {
    child.stdin.write(`${JSON.stringify(line)}\n`)
    child.stdin.flush()
  }
  const until = (isMeant: (line: Json) => boolean): Promise<Json> => {
    const there = lines.find(isMeant)
    if (there !== undefined) return Promise.resolve(there)
    return new Promise((resolve) => waiting.push({ isMeant, resolve }))
  }
  return {
    ...{ lines, until, send },
    say: (text: string) => send({ type: "user", message: { role: "user", content: text }, parent_tool_use_id: null }),
    async request(subtype: string, fields: Json = {}): Promise<Json> {
      const request_id = `r${++ids}`
      send({ type: "control_request", request_id, request: { subtype, ...fields } })
      const line = await until((each) => asObject(each.response)?.request_id === request_id)
      const response = asObject(line.response) ?? {}
      return response.subtype === "error" ? { error: response.error } : (asObject(response.response) ?? {})
    },
    async end(): Promise<number> {
      child.stdin.end()
      await reading
      return child.exited
    },
  }
}

const MODEL = "--model=claude-sonnet-4-5"

test.skipIf(isMissing)("facts of a session are told when they are asked for", async () => {
  writeFileSync(join(host.cwd, "heron.txt"), "grey\n")
  const pipe = piped(MODEL, "--allowedTools=Bash(git status)")
  expect(await pipe.request("rename_session", { title: "About herons" })).toEqual({})
  expect(asList((await pipe.request("list_models")).models).length).toBeGreaterThan(0)
  expect(await pipe.request("get_binary_version")).toEqual({ version: "2.1.329" })
  const { suggestions } = await pipe.request("file_suggestions", { query: "heron" })
  expect(asList(suggestions)).toMatchObject([{ path: "heron.txt" }])
  expect(await pipe.request("set_has_subscribers", { has_subscribers: true })).toEqual({})
  expect(await pipe.request("get_settings")).toMatchObject({ applied: { model: "claude-sonnet-4-5" } })
  expect(await pipe.request("list_permission_rules")).toMatchObject({
    state: { rules: [{ behavior: "allow", rule: "Bash(git status)", source: "session" }], originalCwd: host.cwd },
  })
  expect(await pipe.request("get_session_cost")).toMatchObject({ text: "Total cost: $0.0000", total_cost_usd: 0 })
  expect((await pipe.request("set_color", { color: "red" })).error).toContain("Unsupported")
  expect(await pipe.end()).toBe(0)
})

test.skipIf(isMissing)("a registered folder is opened for tools, and DirectoryAdded hears of it", async () => {
  const directory = `${host.cwd}-registered`
  mkdirSync(directory, { recursive: true })
  const pipe = piped(MODEL)
  const hooks = { DirectoryAdded: [{ hookCallbackIds: ["hook_0"] }], Stop: [{ hookCallbackIds: ["hook_1"] }] }
  await pipe.request("initialize", { hooks })
  const listing = await pipe.request("get_hooks_listing")
  expect(asList(listing.hooks)).toMatchObject([{ event: "DirectoryAdded" }, { event: "Stop", type: "callback" }])
  const registered = pipe.request("register_repo_root", { directory })
  const asked = await pipe.until((line) => line.type === "control_request")
  expect(asked.request).toMatchObject({ callback_id: "hook_0", input: { directory, source: "register_repo_root" } })
  pipe.send({ type: "control_response", response: { subtype: "success", request_id: asked.request_id, response: {} } })
  expect(await registered).toEqual({})
  expect((await pipe.request("register_repo_root", { directory: "near" })).error).toContain("absolute")
  expect((await pipe.request("get_settings")).effective).toMatchObject({
    permissions: { additionalDirectories: [directory] },
  })
  expect(await pipe.end()).toBe(0)
})

test.skipIf(isMissing)(
  "get_task_output says what a command has said; an unasked message of a server is answered",
  async () => {
    const pipe = piped(MODEL, "--allowedTools=Bash")
    pipe.say("serve")
    const started = await pipe.until(({ subtype }) => subtype === "task_started")
    await pipe.until(({ type }) => type === "result")
    let output = ""
    while (!output.includes("up"))
      output = String((await pipe.request("get_task_output", { task_id: started.task_id })).output)
    expect(output).toBe("up\n")
    const message = { jsonrpc: "2.0", id: 7, method: "sampling/createMessage" }
    expect(await pipe.request("mcp_message", { server_name: "calc", message })).toMatchObject({
      mcp_response: { id: 7, error: { code: -32601 } },
    })
    const heard = { jsonrpc: "2.0", method: "notifications/message" }
    expect(await pipe.request("mcp_message", { server_name: "calc", message: heard })).toEqual({})
    expect(await pipe.end()).toBe(0)
  },
)

test.skipIf(isMissing)("a request that the host takes back is not answered", async () => {
  const pipe = piped(MODEL)
  pipe.send({ type: "control_request", request_id: "gone", request: { subtype: "initialize" } })
  pipe.send({ type: "control_cancel_request", request_id: "gone" })
  await pipe.request("get_binary_version")
  expect(await pipe.end()).toBe(0)
  expect(pipe.lines.some((line) => asObject(line.response)?.request_id === "gone")).toBe(false)
})

test.skipIf(isMissing)(
  "what was asked before the host closed its end is answered, though nothing waits for it",
  async () => {
    const pipe = piped(MODEL)
    const asked = ["initialize", "get_settings", "mcp_status"].map((subtype, at) => ({
      ...{ type: "control_request", request_id: `last${at}`, request: { subtype } },
    }))
    for (const line of asked) pipe.send(line)
    expect(await pipe.end()).toBe(0)
    const answers = pipe.lines.map(({ response }) => asObject(response)).filter((answer) => answer !== undefined)
    expect(answers.map(({ request_id, subtype }) => `${request_id} ${subtype}`).toSorted()).toEqual([
      ...["last0 success", "last1 success", "last2 success"],
    ])
  },
)

test.skipIf(isMissing)("read_file reads files alone: a pipe without a writer keeps nobody waiting", async () => {
  const pipe = piped(MODEL)
  Bun.spawnSync(["mkfifo", join(host.cwd, "fifo")])
  const outside = `${host.cwd}-outside`
  writeFileSync(outside, "not for the model\n")
  symlinkSync(outside, join(host.cwd, "link.txt"))
  writeFileSync(join(host.cwd, "plain.txt"), "here\n")
  expect((await pipe.request("read_file", { path: "fifo" })).error).toContain("is no file")
  expect((await pipe.request("read_file", { path: "link.txt" })).error).toContain("may not be read")
  expect((await pipe.request("read_file", { path: "plain.txt" })).contents).toBe("here\n")
  expect(await pipe.end()).toBe(0)
})
