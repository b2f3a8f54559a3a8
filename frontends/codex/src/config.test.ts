import { expect, test } from "bun:test"
import { readConfig } from "./config.ts"

test("keys with a meaning here become ours, whatever way they are written", () => {
  const { settings, others, unsupported } = readConfig([
    'model="gpt-5.5"',
    "model_reasoning_effort=high",
    "sandbox_mode=danger-full-access",
    "sandbox_workspace_write={writable_roots=['/a'], network_access=false}",
    "sandbox_workspace_write.writable_roots=['/b']",
    "openai_base_url=http://127.0.0.1:1/v1",
    "approval_policy=on-request",
    'web_search="disabled"',
    "features.shell_tool=true",
    "tui.theme=dark",
  ])

  expect(settings).toEqual({
    model: "openai/gpt-5.5",
    effort: "high",
    sandbox: "full-access",
    extra_roots: ["/b"],
    tools_network: { access: "off" },
    providers: { openai: { base_url: "http://127.0.0.1:1/v1" } },
    web_search: "disabled",
  })
  expect([others, unsupported]).toEqual([[], []])
})

test("a provider of the person's own is one of ours, with its model under its name", () => {
  const { settings } = readConfig([
    "model_provider=mine",
    "model=deep/model",
    'model_providers.mine={name="Mine", base_url="http://x/v1", env_key="MY_KEY", wire_api="chat"}',
    'model_providers.mine.http_headers.x-team="a"',
    "model_context_window=1000",
  ])

  expect(settings).toEqual({
    model: "mine/deep/model",
    providers: {
      mine: {
        wire: "openai-chat",
        name: "Mine",
        base_url: "http://x/v1",
        key_env: "MY_KEY",
        headers: { "x-team": "a" },
      },
    },
    models: { "mine/deep/model": { context_tokens: 1000 } },
  })
})

test("what a command line chose stands above, and a bare model is OpenAI's unless it is one of our short names", () => {
  const modelOf = (model: string, provider?: string) => readConfig(["model=gpt-5"], { model, provider }).settings.model

  expect([modelOf("gpt-5.5"), modelOf("sonnet"), modelOf("xai/grok-4.5"), modelOf("gpt-oss:20b", "ollama")]).toEqual([
    "openai/gpt-5.5",
    "sonnet",
    "xai/grok-4.5",
    "ollama/gpt-oss:20b",
  ])
})

test("the hosted search is asked for as Codex does, with its details or by the older switch", () => {
  const search = (...overrides: string[]) => {
    const { web_search, tools } = readConfig(overrides).settings
    return { web_search, tools }
  }
  expect(
    search('web_search="live"', 'tools.web_search.context_size="high"', 'tools.web_search.location={country="DE"}'),
  ).toEqual({
    web_search: "live",
    tools: { web_search: { context_size: "high", location: { country: "DE" } } },
  })
  expect(search("tools.web_search=true")).toEqual({ web_search: "live", tools: undefined })
  expect(readConfig(['model_verbosity="low"']).settings).toEqual({ verbosity: "low" })
  expect(() => readConfig(['web_search="sometimes"'])).toThrow("unknown variant `sometimes` in `web_search`")
})

test("what cannot be given is said", () => {
  const { unsupported } = readConfig(["model_providers.mine.query_params={a='b'}"])

  expect(unsupported).toEqual(["model_providers.mine.query_params is not supported."])
})

test("network access for commands is ours", () => {
  expect(readConfig(["sandbox_workspace_write.network_access=true"]).settings).toEqual({
    tools_network: { access: "on" },
  })
})

test("keys that are not Codex's are left for us", () => {
  expect(readConfig(["limits.steps=3", "model=a/b", "mode=plan"]).others).toEqual(["limits.steps=3", "mode=plan"])
})

test("what Codex refuses is refused in its words", () => {
  const refusal = (override: string) => {
    try {
      readConfig([override])
    } catch (error) {
      return error instanceof Error ? error.message : error
    }
    return undefined
  }

  expect(refusal("model")).toBe("Invalid override (missing '='): model")
  expect(refusal("=x")).toBe("Empty key in override: =x")
  expect(refusal("approval_policy=untrusted")).toBe(
    'approval_policy = "untrusted" is no longer supported; remove this setting',
  )
  expect(refusal("approval_policy=often")).toStartWith("unknown variant `often`, expected one of")
  expect(refusal("sandbox_mode=loose")).toBe("unknown variant `loose` in `sandbox_mode`")
  expect(refusal("approval_policy={granular={sandbox_approval=true}}")).toBeUndefined()
})

test("a value cannot bring further keys with it", () => {
  expect(readConfig(["model=a/b\nsandbox_mode='danger-full-access'"]).settings.sandbox).toBeUndefined()
})
