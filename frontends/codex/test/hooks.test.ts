import { expect, test } from "bun:test"
import type { HookInfo } from "@skein/protocol"
import { say, scriptedModel, testEngine } from "@skein/testkit"
import { serve } from "./talk.ts"

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
