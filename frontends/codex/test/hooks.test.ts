import { expect, setDefaultTimeout, test } from "bun:test"
import type { HookInfo } from "@skein/protocol"
import { say, scriptedModel, testEngine } from "@skein/testkit"
import { realSchemas } from "./real-schemas.ts"
import { serve } from "./talk.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

const HOOK: HookInfo = {
  ...{ event: "PreToolUse", matcher: "Bash", type: "command", what: "guard.sh", file: "/a/.codex/hooks.json" },
  ...{ place: "hooks.PreToolUse[0]", sha256: "ab12", from: "project", words: "codex", timeoutMs: 1_500 },
  ...{ isAsync: false, isOnce: false, isConfined: true, state: "untrusted" },
}

test("hooks are listed folder by folder in Codex's words, with their trust and what is wrong with files", async () => {
  const hooks = {
    at: async () => ({ has: () => false, run: async () => ({ messages: [], ran: [] }) }),
    list: async ({ cwd }: { readonly cwd: string }) =>
      cwd === "/a" ? { hooks: [HOOK], flaws: ["/a/x: It is no JSON"] } : { hooks: [], flaws: [] },
  }
  const host = serve(testEngine(scriptedModel(say("")), { hooks }))
  await host.handshake()
  const { result } = await host.request("hooks/list", { cwds: ["/a", "/b"] })
  const refused = await host.request("hooks/list", { cwds: ["a"] })
  await host.end()

  expect(result?.data).toEqual([
    {
      cwd: "/a",
      hooks: [
        {
          key: "/a/.codex/hooks.json#hooks.PreToolUse[0]:0",
          ...{ eventName: "preToolUse", handlerType: "command", matcher: "Bash", command: "guard.sh" },
          ...{ prompt: null, model: null, continueOnBlock: null, statusMessage: null, timeoutSec: 2 },
          ...{ sourcePath: "/a/.codex/hooks.json", source: "project", pluginId: null, displayOrder: 0 },
          ...{ enabled: true, isManaged: false, currentHash: "sha256:ab12", trustStatus: "untrusted" },
        },
      ],
      warnings: ["/a/x: It is no JSON"],
      errors: [],
    },
    { cwd: "/b", hooks: [], warnings: [], errors: [] },
  ])
  expect(refused.error?.message).toBe("Invalid request: a is no absolute path")
})

test("a hook that ran is told as begun and over, and one of a point that Codex has not is not told", async () => {
  const ran = (event: string) => [{ hook: event, file: "/a/hooks.json", outcome: "passed", durationMs: 3 } as const]
  const hooks = {
    at: async () => ({
      has: () => true,
      run: async ({ event }: { readonly event: string }) => ({ messages: [], ran: ran(event) }),
    }),
    list: async () => ({ hooks: [], flaws: [] }),
  }
  const host = serve(testEngine(scriptedModel(say("hello")), { hooks }))
  await host.handshake()
  const threadId = await host.thread()
  await host.turn(threadId, "go")
  await host.next("turn/completed")
  await host.end()

  const told = host.messages.filter(({ method }) => method?.startsWith("hook/"))
  const runs = told.map(({ method, params }) => ({ method, ...runOf(params) }))
  const shared = { eventName: "userPromptSubmit", sourcePath: "/a/hooks.json" }
  expect(runs.filter(({ eventName }) => eventName === "userPromptSubmit")).toMatchObject([
    { method: "hook/started", status: "running", ...shared },
    { method: "hook/completed", status: "completed", ...shared },
  ])
  expect(runs.map(({ eventName }) => eventName)).not.toContain("preModelRequest")
  expect(realSchemas()?.defects(host.sent, told) ?? []).toEqual([])
})

interface Run {
  readonly eventName: string
  readonly status: string
}

function runOf(params: Readonly<Record<string, unknown>> = {}): Run {
  return params.run as Run
}
