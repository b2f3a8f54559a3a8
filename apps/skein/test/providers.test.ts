import { expect, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { geminiWeb, STRICT_KEY, STRICT_PROVIDERS, type StrictProvider, strictServer } from "@skein/testkit/providers"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const COMMAND = "echo from the tool"

describeBinary("every provider of the table, by the key a person has", () => {
  for (const provider of STRICT_PROVIDERS) {
    const name = `${provider.id}/${provider.model}`
    if (provider.manners.lacksTools === true) test(`${name}: prompt, answer`, () => asked(provider, 1))
    else test(`${name}: prompt, call, result, answer`, () => asked(provider, 2))
  }
})

describeBinary("a server of one's own, by five lines of configuration", () => {
  for (const [wire, like] of [
    ["openai-chat", "deepseek"],
    ["openai-responses", "openai"],
    ["anthropic-messages", "minimax"],
    ["google-gemini", "google"],
  ] as const) {
    test(`${wire}: a model that nobody has described, with a key, a header and a path of its own`, async () => {
      const known = STRICT_PROVIDERS.find(({ id }) => id === like)
      if (known === undefined) throw new Error(`no ${like}`)
      const echo = wire === "openai-chat" ? "allowed" : known.manners.echo
      const path = known.path.replace(known.model, "my-model")
      const provider = { ...known, path, manners: { ...known.manners, echo, needs: {} }, headers: { "x-team": /^a$/ } }
      const server = strictServer(provider, { prefix: "/team-a", script: scriptOf(2) })
      const scene = new Scene({ MINE_KEY: STRICT_KEY })
      try {
        mkdirSync(join(scene.home, ".config/skein"), { recursive: true })
        writeFileSync(
          join(scene.home, ".config/skein/config.toml"),
          [
            ...["[providers.mine]", `wire = "${wire}"`, `base_url = "${server.origin}/team-a${provider.basePath}"`],
            ...['key_env = "MINE_KEY"', 'headers = { "x-team" = "a" }'],
          ].join("\n"),
        )
        const ran = await scene.run(["-p", "tell me", "-m", "mine/my-model"])

        expect(server.complaints).toEqual([])
        expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: "It said: from the tool.\n" })
      } finally {
        server.stop()
        scene.remove()
      }
    })
  }
})

describeBinary("Gemini on the web, by a browser's cookies", () => {
  test("a call that it writes as text is run, and its answer comes", async () => {
    const call = JSON.stringify({ name: "bash", arguments: { command: COMMAND } })
    const site = geminiWeb("SID=canary", (prompt) =>
      prompt.includes("from the tool\n") ? "It said: from the tool." : `<tool_call>${call}</tool_call>`,
    )
    const scene = new Scene({ GEMINI_WEB_BASE_URL: site.url, GEMINI_WEB_COOKIES: "SID=canary" })
    try {
      const ran = await scene.run(["-p", "tell me", "-m", "gemini-web"])

      expect(site.complaints).toEqual([])
      expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: "It said: from the tool.\n" })
      expect(site.prompts.at(-1)).toContain("tell me")
    } finally {
      site.stop()
      scene.remove()
    }
  })
})

describeBinary("skein models", () => {
  test("finds a provider by its other name, and says how one is asked whose models nobody knows", async () => {
    const scene = new Scene({ AZURE_API_KEY: "k", DASHSCOPE_API_KEY: "k" })
    try {
      const [qwen, azure] = [await scene.run(["models", "dashscope"]), await scene.run(["models", "azure"])]

      expect(qwen.out).toMatch(/^\* qwen\/qwen3-coder-plus +ready /)
      expect([azure.code, azure.err]).toEqual([
        1,
        "No model of Azure OpenAI is known here. Name one that it has, as in: skein -m azure/my-model\n",
      ])
    } finally {
      scene.remove()
    }
  })
})

/** What one run sends is taken by a server that refuses what the real one would, and the call it asks for is run. */
async function asked(provider: StrictProvider, requests: number): Promise<void> {
  const server = strictServer(provider, { script: scriptOf(requests) })
  const scene = new Scene({ ...environment(provider), [provider.baseUrlEnv]: baseUrl(provider, server.origin) })
  try {
    const ran = await scene.run(["-p", "tell me", "-m", `${provider.id}/${provider.model}`])

    expect(server.complaints).toEqual([])
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: "It said: from the tool.\n" })
    expect(server.journal).toHaveLength(requests)
    const last = server.journal.at(-1)?.understood
    expect(last?.said).toContain("tell me")
    expect(last?.results.map(({ text }) => text)).toEqual(requests === 1 ? [] : ["from the tool\n(exit 0)"])
  } finally {
    server.stop()
    scene.remove()
  }
}

/** So many replies, the last of which asks for nothing. */
function scriptOf(requests: number) {
  return (at: number) =>
    at < requests - 1
      ? { text: "Looking.", calls: [{ name: "bash", args: { command: COMMAND } }] }
      : { text: "It said: from the tool." }
}

function environment({ env, keyEnv }: StrictProvider): Record<string, string> {
  return { ...env, ...(keyEnv === undefined ? {} : { [keyEnv]: STRICT_KEY }) }
}

/** Some people's variables hold the host alone, and what follows is known. */
function baseUrl({ basePath, query, baseUrlEnv }: StrictProvider, origin: string): string {
  if (baseUrlEnv === "AZURE_OPENAI_ENDPOINT") return `${origin}/`
  return `${origin}${basePath}${query === undefined ? "" : `?${query}`}`
}
