import { afterAll, expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const scene = new Scene({ ANTHROPIC_API_KEY: "sk-not-a-real-one" })
afterAll(() => scene.remove())

const lines = async (...args: readonly string[]) => {
  const { code, out, err } = await scene.run(args)
  return { code, lines: out.trimEnd().split("\n"), err }
}

describeBinary("skein models", () => {
  test("shows of one model its window, price, cache, tier, where its requests go and whose key it is, never the key", async () => {
    const { code, lines: shown } = await lines("models", "show", "haiku")

    expect(code).toBe(0)
    expect(shown.map((line) => line.split(/\s{2,}/)[0])).toEqual([
      "model",
      "window",
      "output",
      "price",
      "cache",
      "can",
      "tier",
      "goes to",
      "key",
    ])
    expect(shown.join("\n")).toContain("https://api.anthropic.com")
    expect(shown.join("\n")).toContain("environment variable ANTHROPIC_API_KEY")
    expect(shown.join("\n")).not.toContain("sk-not")
  })

  test("shows the higher price of long prompts, and what stands in the way of asking", async () => {
    const { lines: shown } = await lines("models", "show", "google/gemini-2.5-pro")

    expect(shown.some((line) => line.trim().startsWith("above 200k tokens: $2.5 in, $15 out"))).toBe(true)
    expect(shown.at(-1)).toContain("no key was found: skein login google")
  })

  test("lists those of a provider, or those that can be asked now, and says when there is none", async () => {
    const ready = await lines("models", "--ready")
    const none = await lines("models", "--ready", "--provider", "openai")

    const found = await lines("models", "search", "--ready", "haiku")
    expect(found.lines.map((line) => line.split(" ")[2])).toEqual([
      "anthropic/claude-haiku-5-5",
      "anthropic/claude-haiku-4-5",
    ])
    expect(ready.lines.every((line) => line.includes(" anthropic/") || line.includes(" ollama/"))).toBe(true)
    expect(none).toMatchObject({
      code: 1,
      err: "There is no model that can be asked now and of the provider openai. What is missing to ask others: skein models\n",
    })
  })

  test("lists first what can be asked, and says of the others whether a key or a login is missing", async () => {
    const { lines: shown } = await lines("models")

    const rows = shown.map((line) => /^. (\S+)\/\S+ +(ready|no key|no login) /.exec(line)?.slice(1) ?? line)
    expect([rows[0], rows.at(-1)?.[1]]).toEqual([["anthropic", "ready"], expect.not.stringMatching("ready")])
    expect(rows).toContainEqual(["openai", "no key"])
    expect(rows).toContainEqual(["openai-codex", "no login"])
    expect((await lines("models", "show", "openai-codex")).lines.slice(-2)).toEqual([
      "goes to        nowhere yet: there is no login",
      "key            no login was found: skein login openai-codex",
    ])
  })

  test("says whole which model does what besides answering, and why", async () => {
    const { lines: shown } = await lines("models", "--tasks")

    expect(shown.slice(1, 3)).toEqual([
      "title       names a session after its first turn",
      "            anthropic/claude-haiku-5-5: the tier rush of its provider",
    ])
    expect(shown.filter((line) => line.includes("…"))).toEqual([])
  })

  test("pull takes no word alone, and says what can be named", async () => {
    const { code, err } = await lines("models", "pull", "qwen3")

    expect([code, err]).toEqual([2, expect.stringContaining("hf:owner/repo/file.gguf or ollama/name")])
  })

  test("tells whoever can ask none of them what to do", async () => {
    const bare = new Scene({ ANTHROPIC_API_KEY: "" })
    try {
      const [all, ollama] = [await bare.run(["models"]), await bare.run(["models", "--provider", "ollama"])]
      expect([all.code, all.err]).toEqual([0, expect.stringContaining("skein login <provider>")])
      expect(ollama.err).toBe(
        "No model of Ollama is known here. Name one that it has, as in: skein -m ollama/my-model\n",
      )
    } finally {
      bare.remove()
    }
  })

  test("debug models gives all that is known as JSON, and asks nobody with --bundled", async () => {
    const { out } = await scene.run(["debug", "models", "--bundled"])
    const all: readonly { readonly provider: string; readonly id: string; readonly cache?: unknown }[] = JSON.parse(out)

    expect(all.find(({ id }) => id === "claude-haiku-4-5")?.cache).toMatchObject({ kind: "marks", tokensMin: 4_096 })
    expect(new Set(all.map(({ provider }) => provider)).size).toBeGreaterThan(8)
  })
})
