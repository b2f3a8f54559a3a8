import { afterAll, expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { eventsOf, Scene } from "./ground/scene.ts"

const SECRET = "gAAAA-only-for-its-provider"
const CALLED = { id: "fc_1", type: "function_call", call_id: "call_1", name: "list", arguments: '{"path":"src"}' }
const ITEMS = [
  { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: "Hm." }], encrypted_content: SECRET },
  { id: "msg_1", type: "message", role: "assistant", content: [{ type: "output_text", text: "Grüße, I look." }] },
  CALLED,
]

function sse(events: readonly object[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")
}

const STREAM = sse([
  ...ITEMS.map((item, output_index) => ({ type: "response.output_item.done", output_index, item })),
  {
    type: "response.completed",
    response: { id: "resp_1", output: ITEMS, usage: { input_tokens: 100, output_tokens: 10 } },
  },
])

let asked = 0
let offered: unknown
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    // What it has, it does not say.
    if (request.method === "GET") return new Response("", { status: 404 })
    const body = (await request.json()) as { messages: { role: string }[]; tools?: unknown }
    offered = body.tools
    asked++
    const isDone = body.tools === undefined || body.messages.at(-1)?.role === "tool"
    const call = { index: 0, id: "call_1", function: { name: "bash", arguments: '{"command":"echo ran > ran.txt"}' } }
    const delta = isDone ? { content: "Done." } : { tool_calls: [call] }
    const events = [
      { choices: [{ delta }] },
      { choices: [{ delta: {}, finish_reason: isDone ? "stop" : "tool_calls" }] },
    ]
    return new Response(sse(events), { headers: { "content-type": "text/event-stream" } })
  },
})
afterAll(() => server.stop(true))

const PROVIDER = `providers.mine={wire="openai-chat", base_url="${server.url.origin}/v1"}`
const TURN = ["-c", PROVIDER, "-m", "mine/model"]

async function inScene<T>(use: (scene: Scene) => Promise<T>): Promise<T> {
  asked = 0
  const scene = new Scene()
  try {
    return await use(scene)
  } finally {
    scene.remove()
  }
}

describeBinary("skein model", () => {
  test("says what a captured stream holds, however it is split, and asks nobody", () =>
    inScene(async (scene) => {
      await Bun.write(scene.path("a.sse"), STREAM)
      const whole = await scene.run(["model", "stream-summary", "a.sse"])
      expect(whole).toMatchObject({ code: 0, err: "" })
      expect(whole.out.split("\n")).toEqual([
        "wire       openai-responses",
        "reasoning  3 characters: Hm.",
        "message    14 characters: Grüße, I look.",
        'call       list {"path":"src"}',
        "stop       calls",
        "tokens     100 in, 0 from the cache, 0 into it, 10 out, 0 of them thoughts",
        "",
      ])
      for (const split of ["1", "7"]) {
        const { out } = await scene.run(["model", "stream-summary", "a.sse", "--split", split])
        expect(out).toBe(whole.out)
      }
    }))

  test("prints the events that it becomes, without what only its provider reads", () =>
    inScene(async (scene) => {
      await Bun.write(scene.path("a.sse"), STREAM)
      const { out, code } = await scene.run(["model", "stream-to-event-log", "a.sse"])
      expect(code).toBe(0)
      expect(eventsOf(out).map(({ type }) => type)).toEqual([
        ...["item.completed", "item.completed", "call.requested", "step.ended"],
      ] as never)
      expect(out).not.toContain(SECRET)
    }))

  test("says of a stream that was cut off that it is, and of what is no stream what to name", () =>
    inScene(async (scene) => {
      await Bun.write(scene.path("cut.sse"), STREAM.slice(0, STREAM.indexOf('data: {"type":"response.completed')))
      await Bun.write(scene.path("none.txt"), "hello")
      const cut = await scene.run(["model", "stream-summary", "cut.sse"])
      expect([cut.code, cut.err]).toEqual([expect.any(Number), expect.stringContaining("in the middle of the reply")])
      expect(cut.code).not.toBe(0)
      const none = await scene.run(["model", "stream-summary", "none.txt"])
      expect(none.err).toContain("Name one with --wire: openai-responses,")
      expect((await scene.run(["model", "stream-summary"])).code).toBe(2)
    }))

  test("asks once without tools", () =>
    inScene(async (scene) => {
      expect(await scene.run(["model", "run-turn", "go", ...TURN])).toMatchObject({ code: 0, out: "Done.\n" })
      expect([asked, offered]).toEqual([1, undefined])
    }))

  test("asks once and runs the calls, and goes on with their results only when it is told to", () =>
    inScene(async (scene) => {
      const { code, err } = await scene.run(["model", "run-tool-turn", "go", ...TURN])
      expect([code, asked]).toEqual([0, 1])
      expect(err).toContain("echo ran > ran.txt")
      expect(scene.read("ran.txt")).toBe("ran\n")

      asked = 0
      const more = ["--continue-after-tools", "--max-tool-rounds", "3"]
      const on = await scene.run(["model", "run-tool-turn", "go", ...TURN, ...more])
      expect(on).toMatchObject({ code: 0, out: "Done.\n" })
      expect(asked).toBe(2)
    }))
})

describeBinary("skein debug prompt-input", () => {
  test("prints instructions, words and images as they would be sent, and asks nobody", () =>
    inScene(async (scene) => {
      await Bun.write(scene.path("AGENTS.md"), "Be kind.\n")
      const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
      await Bun.write(scene.path("a.png"), Buffer.from(png, "base64"))
      const { out, code } = await scene.run(["debug", "prompt-input", "look", "-i", "a.png"])
      const said = JSON.parse(out)
      expect(code).toBe(0)
      expect(said.input).toEqual([
        { type: "image", mediaType: "image/png", data: png, name: scene.path("a.png") },
        { type: "text", text: "look" },
      ])
      expect(JSON.stringify(said.system)).toContain("Be kind.")
    }))
})
