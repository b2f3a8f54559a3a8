import { afterAll, expect, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

interface Asked {
  readonly store: boolean
  readonly previous_response_id?: string
  readonly input: readonly { readonly content: readonly { readonly text: string }[] }[]
}

let asked: Asked[] = []
let forgotten = new Set<string>()
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const body = (await request.json()) as Asked
    asked.push(body)
    const before = body.previous_response_id
    if (before !== undefined && forgotten.has(before)) {
      const message = `Previous response with id '${before}' not found.`
      const error = { message, type: "invalid_request_error", param: "previous_response_id" }
      return Response.json({ error: { ...error, code: "previous_response_not_found" } }, { status: 400 })
    }
    const content = [{ type: "output_text", text: `answer ${asked.length}` }]
    const output = [{ id: "msg_1", type: "message", role: "assistant", content }]
    const response = { id: `resp_${asked.length}`, output, usage: { input_tokens: 100, output_tokens: 10 } }
    return new Response(`data: ${JSON.stringify({ type: "response.completed", response })}\n\n`, {
      headers: { "content-type": "text/event-stream" },
    })
  },
})
afterAll(() => server.stop(true))

const MODEL = ["-m", "openai/gpt-5.5"]
const KEPT = "[providers.openai]\nstored_responses = true\n"

async function inScene<T>(config: string, use: (scene: Scene) => Promise<T>): Promise<T> {
  asked = []
  forgotten = new Set()
  const scene = new Scene({ OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: `${server.url.origin}/v1` })
  try {
    write(join(scene.home, ".config/skein"), config)
    return await use(scene)
  } finally {
    scene.remove()
  }
}

function write(folder: string, config: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "config.toml"), config)
}

function said({ store, previous_response_id, input }: Asked) {
  return [store, previous_response_id, input.flatMap(({ content }) => content.map(({ text }) => text)).slice(-3)]
}

describeBinary("a conversation that its provider may keep", () => {
  test("is gone on from in another process, by what is new alone, and is said whole where it was forgotten", () =>
    inScene(KEPT, async (scene) => {
      await scene.run(["-p", "one", ...MODEL])
      await scene.run(["-p", "--continue", "two"])
      forgotten.add("resp_2")
      expect(await scene.run(["-p", "--continue", "three"])).toMatchObject({ code: 0, out: "answer 4\n" })

      expect(asked.slice(1).map(said)).toEqual([
        [true, "resp_1", ["two"]],
        [true, "resp_2", ["three"]],
        [true, undefined, ["two", "answer 2", "three"]],
      ])
    }))

  test("is kept by nobody who was not told to, and not for the word of a project", () =>
    inScene("", async (scene) => {
      write(scene.path(".skein"), KEPT)
      await scene.run(["-p", "one", ...MODEL])
      await scene.run(["-p", "--continue", "two"])
      expect(asked.map(({ store, previous_response_id }) => [store, previous_response_id])).toEqual([
        [false, undefined],
        [false, undefined],
      ])
    }))
})
