import { type HookDeed, hooksPortContract } from "@skein/testkit"
import type { HookOutcome, HookRun, Hooks } from "../../src/ports/index.ts"

// The contract itself, kept by hooks that are nothing but time.
hooksPortContract("a list of deeds", () => {
  let running = 0
  const file = "hooks.json"
  const nothing = { messages: [] }
  const deedOf = async (deed: HookDeed, timeoutMs: number, signal: AbortSignal): Promise<Partial<HookOutcome>> => {
    const ran = (outcome: HookRun["outcome"]) => ({ ran: [{ hook: deed, file, outcome, durationMs: 0 }] })
    if (deed === "pass") return ran("passed")
    if (deed === "block") return { block: { reason: "not now" }, ...ran("blocked") }
    if (deed === "context") return { context: "more to know", ...ran("changed") }
    if (deed !== "hang") return ran("failed")
    running += 1
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      signal.addEventListener("abort", () => {
        clearTimeout(timer)
        resolve()
      })
    })
    running -= 1
    return ran("timed_out")
  }
  return {
    async portWith(deeds, timeoutMs) {
      const hooks: Hooks = {
        has: (event) => event === "PreToolUse" && deeds.length > 0,
        async run(_, signal) {
          const said = await Promise.all(deeds.map((deed) => deedOf(deed, timeoutMs, signal)))
          return { ...nothing, ...Object.assign({}, ...said), ran: said.flatMap(({ ran = [] }) => ran) }
        },
      }
      return { port: { at: async () => hooks }, cwd: "/" }
    },
    running: async () => running,
    cleanUp: async () => undefined,
  }
})
