import { describe, expect, test } from "bun:test"
import { scriptedModel, testEngine, testTools } from "@skein/testkit"
import { CLIENTS, connect1, folder, served } from "./client.ts"

type PromptsPort = NonNullable<NonNullable<Parameters<typeof testEngine>[1]>["prompts"]>
type PromptInfo = Awaited<ReturnType<PromptsPort["list"]>>[number]

const risky = { effects: [{ kind: "unknown" } as const], run: () => "done" }

function engineWith(tools: Parameters<typeof testTools>[0]) {
  return testEngine(scriptedModel(), { tools: testTools(tools) })
}

for (const [name, connect] of Object.entries(CLIENTS)) {
  describe(name, () => {
    test("lists tools and calls one, and its result says which session ran it", async () => {
      const { wire, done } = served(folder(engineWith({ echo: { run: ({ text }) => `echo ${text}` } })))
      const client = await connect(wire)
      expect((await client.sdk.listTools()).tools.map(({ name }) => name)).toEqual(["echo"])
      const { text, session } = await client.call("echo", { text: "a" })
      expect([text, session]).toEqual(["echo a", "ses_1"])
      await client.sdk.close()
      await done
    })

    test("is asked before what needs a yes, and what it says is what happens", async () => {
      const { wire } = served(folder(engineWith({ risky })))
      const said = ["allow_once", undefined, "nonsense"]
      const messages: string[] = []
      const client = await connect(wire, (message) => {
        messages.push(message)
        return said.shift()
      })
      expect((await client.call("risky")).text).toBe("done")
      for (const _ of said.slice()) {
        const { isError, text } = await client.call("risky")
        expect([isError, text]).toEqual([true, expect.stringContaining("The person refused")])
      }
      expect(messages[0]).toContain("run risky")
      await client.sdk.close()
    })

    test("without forms is refused, and told what would let it", async () => {
      const { wire } = served(folder(engineWith({ risky })))
      const client = await connect(wire)
      const { isError, text } = await client.call("risky")
      expect([isError, text]).toEqual([true, expect.stringMatching(/--allow-tools "risky", or --mode/)])
      await client.sdk.close()
    })

    test("takes a call back, and the call is stopped", async () => {
      const stopped = Promise.withResolvers<void>()
      const begun = Promise.withResolvers<void>()
      const slow = {
        run: (_: unknown, { signal }: { signal: AbortSignal }) =>
          new Promise<string>((_, reject) => {
            begun.resolve()
            signal.addEventListener("abort", () => {
              stopped.resolve()
              reject(signal.reason)
            })
          }),
      }
      const { wire } = served(folder(engineWith({ slow })))
      const client = await connect(wire)
      const takingBack = new AbortController()
      const calling = client.call("slow", {}, { signal: takingBack.signal })
      await begun.promise
      takingBack.abort()
      await expect(calling).rejects.toThrow()
      await stopped.promise
      await client.sdk.close()
    })
  })
}

test("a slow call does not hold up one that may run beside others, and does hold up one that may not", async () => {
  const go = Promise.withResolvers<string>()
  const order: string[] = []
  const engine = engineWith({
    slow: { run: async () => `${await go.promise}${order.push("slow")}` },
    look: { isConcurrent: true, run: () => `seen${order.push("look") * 0}` },
    change: { run: () => `${order.push("change")}` },
  })
  const { wire } = served(folder(engine))
  const client = await connect1(wire)
  const call = (name: string) => client.call(name)
  const slow = call("slow")
  const change = call("change")
  const looks = await Promise.all(Array.from({ length: 12 }, () => call("look")))
  expect(new Set(looks.map(({ text }) => text))).toEqual(new Set(["seen0"]))
  go.resolve("done")
  await Promise.all([slow, change])
  expect(order.slice(-2)).toEqual(["slow", "change"])
  // One after the other they are all of one session: what was read there may be written there.
  const sessions = [await slow, await change, await call("look")].map(({ session }) => session)
  expect(new Set(sessions).size).toBe(1)
  await client.sdk.close()
})

test("commands and skills of the folder are prompts, those of other servers are not, and a call that adds one is told of", async () => {
  const about = { summary: "Greets", usage: "[name]", scope: "user" } as const
  const known: PromptInfo[] = [
    { name: "greet", kind: "command", ...about },
    { name: "mcp__a__b", kind: "mcp", ...about, scope: "server" },
  ]
  const prompts: PromptsPort = {
    list: async () => known,
    expand: async (_, args) => ({ input: [{ type: "text", text: `Say hello to ${args}.` }] }),
  }
  const add = { run: () => `${known.push({ name: "bye", kind: "skill", ...about })}` }
  const engine = testEngine(scriptedModel(), { tools: testTools({ add }), prompts })
  const { wire } = served(folder(engine))
  const client = await connect1(wire)
  expect((await client.sdk.listPrompts()).prompts).toEqual([
    {
      name: "greet",
      description: "Greets",
      arguments: [{ name: "arguments", description: "[name]", required: false }],
    },
  ])
  const { messages } = await client.sdk.getPrompt({ name: "greet", arguments: { arguments: "Ann" } })
  expect(messages).toEqual([{ role: "user", content: { type: "text", text: "Say hello to Ann." } }])
  await expect(client.sdk.getPrompt({ name: "compact" })).rejects.toThrow('There is no prompt "compact"')
  await client.call("add")
  expect(wire.lines.filter((line) => line.includes("prompts/list_changed")).length).toBe(1)
  await client.sdk.close()
})

test("progress comes as it is made, to whoever asked for it", async () => {
  const engine = engineWith({
    count: {
      run: (_, context) => {
        for (const bytes of [1, 2, 3]) context.progress(bytes, `line ${bytes}\n`)
        return "counted"
      },
    },
  })
  const { wire } = served(folder(engine))
  const client = await connect1(wire)
  const seen: unknown[] = []
  await client.call("count", {}, { onprogress: (told) => seen.push(told) })
  expect(seen.at(-1)).toEqual({ progress: 3, message: "line 3" })
  await client.sdk.close()
})

test("an unknown tool is an error of the request, and a file outside the workspace is not there", async () => {
  const { wire } = served(folder(engineWith({ read: { isConcurrent: true, run: () => "1" } })))
  const client = await connect1(wire)
  await expect(client.call("nope")).rejects.toThrow('There is no tool "nope" here')
  for (const uri of [
    ...["file:///etc/passwd", "file:///repo/../etc/passwd", "file:///repo/%2e%2e/etc/passwd", "file://host/repo/a"],
    ...["file:///repo/a%00b", "file:///repository/a", "http://127.0.0.1/", "skein://else", "no address"],
  ]) {
    await expect(client.sdk.readResource({ uri })).rejects.toThrow("There is no resource")
  }
  expect((await client.sdk.readResource({ uri: "file:///repo/a" })).contents).toEqual([
    { uri: "file:///repo/a", mimeType: "text/plain", text: "bytes" },
  ])
  await client.sdk.close()
})

test("lines that are no message are answered with an error, and ids come back as they came", async () => {
  const { wire, done } = served(folder(engineWith({})))
  const client = await connect1(wire)
  const from = wire.lines.length
  for (const line of ["garbage", "[]", '{"id":7}', '{"jsonrpc":"2.0","id":"7","method":"nope"}', ""]) wire.type(line)
  wire.type('{"jsonrpc":"2.0","id":8,"method":"ping"}')
  await client.sdk.ping()
  const answers = wire.lines.slice(from).map((line) => JSON.parse(line))
  const told = answers.slice(0, 5).map(({ id, error, result }) => [id, error?.code ?? result] as const)
  expect(new Map(told)).toEqual(
    new Map<unknown, unknown>([
      [null, -32600],
      [7, -32600],
      ["7", -32601],
      [8, {}],
    ]),
  )
  await client.sdk.close()
  await done
})
