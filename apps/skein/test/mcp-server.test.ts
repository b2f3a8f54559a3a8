import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { mcpClient } from "./ground/mcp-client.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 60_000

const threadOf = ({ result }: { result?: Record<string, unknown> }) =>
  (result?.structuredContent ?? {}) as { threadId: string; content: string }

describeBinary("skein mcp-server", () => {
  test(
    "a thread is gone on with in another process, and summed up there by the prompt that it was begun with",
    async () => {
      using talk = talking(
        { text: "Ports 80 and 443." },
        { text: "Still." },
        { text: "The summary." },
        { text: "Goes on." },
      )
      const { scene, server } = talk
      const first = await mcpClient(scene, ["mcp-server"])
      const begun = await first.call("codex", { prompt: "Which ports?", "compact-prompt": "List every port number." })
      const { threadId } = threadOf(begun)
      expect([begun.text, begun.isError]).toEqual(["Ports 80 and 443.", false])
      expect((await first.end()).code).toBe(0)
      const second = await mcpClient(scene, ["mcp-server"])
      expect(threadOf(await second.call("codex-reply", { threadId, prompt: "And now?" }))).toEqual({
        ...{ threadId, content: "Still." },
      })
      await second.end()
      expect((await scene.run(["compact", threadId])).code).toBe(0)
      expect(server.requests.at(-1)?.text).toContain("List every port number.")
      const listed = await scene.run(["session", "list"])
      expect(listed.out).not.toContain("Which ports?")
    },
    HANG_MS,
  )

  test(
    "base and developer instructions reach the model, and a model at the other end does not widen what the person gave",
    async () => {
      using talk = talking({ text: "Aye." })
      const { scene, server } = talk
      const client = await mcpClient(scene, ["mcp-server"])
      const wishes = { "base-instructions": "You are a pirate.", "developer-instructions": "Say aye." }
      expect((await client.call("codex", { prompt: "hello", ...wishes })).text).toBe("Aye.")
      const sent = server.requests.at(-1)?.text ?? ""
      expect([sent.includes("You are a pirate."), sent.includes("Say aye.")]).toEqual([true, true])
      const wide = await client.call("codex", {
        prompt: "x",
        sandbox: "danger-full-access",
        "approval-policy": "never",
      })
      expect([wide.isError, wide.text]).toEqual([true, expect.stringContaining("given by the person alone")])
      const config = { model_providers: { mine: { base_url: "http://127.0.0.1:9" } } }
      const led = await client.call("codex", { prompt: "x", config })
      expect([led.isError, led.text]).toEqual([true, expect.stringContaining('"model_providers" is not taken')])
      await client.end()
    },
    HANG_MS,
  )
})
