import { afterAll, expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const ACTION = { type: "search", query: "bun 1.4", sources: [{ type: "url", url: "https://bun.sh/blog" }] }
const SEARCHED = { id: "ws_1", type: "web_search_call", status: "completed", action: ACTION }
const SAID = {
  ...{ id: "msg_1", type: "message", role: "assistant" },
  content: [{ type: "output_text", text: "Bun is 1.4." }],
}

interface Asked {
  readonly tools: readonly { readonly type: string }[]
  readonly input: readonly { readonly type: string }[]
  readonly text?: unknown
}

let asked: Asked[] = []
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const body = (await request.json()) as Asked
    asked.push(body)
    const output = body.tools.some(({ type }) => type === "web_search") ? [SEARCHED, SAID] : [SAID]
    const usage = { input_tokens: 100, output_tokens: 10 }
    const events = [
      ...output.map((item, output_index) => ({ type: "response.output_item.done", output_index, item })),
      { type: "response.completed", response: { id: "resp_1", output, usage } },
    ]
    return new Response(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""), {
      headers: { "content-type": "text/event-stream" },
    })
  },
})
afterAll(() => server.stop(true))

const ENV = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: `${server.url.origin}/v1` }
const MODEL = ["-m", "openai/gpt-5.5"]

async function inScene<T>(use: (scene: Scene) => Promise<T>): Promise<T> {
  asked = []
  const scene = new Scene(ENV)
  try {
    return await use(scene)
  } finally {
    scene.remove()
  }
}

function searches({ tools }: Asked) {
  return tools.filter(({ type }) => type !== "function")
}

describeBinary("the provider's web search", () => {
  test("is asked for by --search, is told, and goes back when the session is gone on with", () =>
    inScene(async (scene) => {
      const ran = await scene.run(["-p", "which bun?", ...MODEL, "--search"])
      expect({ ...ran, ms: 0 }).toEqual({
        ...{ code: 0, ms: 0, out: "Bun is 1.4.\n" },
        err: "ok      web search: bun 1.4 · 1 page (bun.sh)\n",
      })
      expect(asked.map(searches)).toEqual([[{ type: "web_search", external_web_access: true }]] as never)

      expect(await scene.run(["-p", "--continue", "thanks"])).toMatchObject({ code: 0 })
      const { id: _, ...withoutId } = SEARCHED
      expect(asked[1]?.input.slice(1, 2)).toEqual([withoutId])
    }))

  test("is off unless somebody wants it, and --verbosity is asked for where it is understood", () =>
    inScene(async (scene) => {
      await scene.run(["-p", "which bun?", ...MODEL, "--verbosity", "low"])
      expect(asked.map(searches)).toEqual([[]])
      expect(asked[0]?.text).toEqual({ verbosity: "low" })
    }))

  test("is an item of its own in exec --json, as Codex tells it, and is set by Codex's keys", () =>
    inScene(async (scene) => {
      const set = ["-c", 'web_search="cached"', "-c", 'tools.web_search.context_size="high"']
      const { out } = await scene.run(["exec", "--json", "--skip-git-repo-check", ...set, ...MODEL, "which bun?"])
      const items = out.split("\n").flatMap((line) => (line.includes('"web_search"') ? [JSON.parse(line).item] : []))
      const action = { type: "search", query: "bun 1.4" }
      const item = { id: "item_0", type: "web_search", query: "bun 1.4", action }
      expect(items).toEqual([item, item])
      const tool = { type: "web_search", external_web_access: false, search_context_size: "high" }
      expect(asked.map(searches)).toEqual([[tool]] as never)
    }))

  test("is not asked for when a rule denies it, and that is said", () =>
    inScene(async (scene) => {
      const rules = '[{tool = "web_search", decision = "deny"}]'
      const { err } = await scene.run(["-p", "which bun?", ...MODEL, "--search", "-c", `rules=${rules}`])
      expect(err).toContain("note    The web is not searched:")
      expect(asked.map(searches)).toEqual([[]])
    }))

  test("is not wanted by a project: what it may do is take it away", () =>
    inScene(async (scene) => {
      await Bun.write(scene.path(".skein/config.toml"), 'web_search = "live"\n')
      const { err } = await scene.run(["-p", "which bun?", ...MODEL])
      expect(err).toContain("web_search")
      expect(asked.map(searches)).toEqual([[]])
    }))
})
