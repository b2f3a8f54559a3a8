import { type HookDeed, hooksPortContract } from "@skein/testkit"
import { type Scene, scene } from "./scene.ts"

const CONTEXT = { hookSpecificOutput: { hookEventName: "PreToolUse", additionalContext: "more to know" } }

const COMMANDS: Readonly<Record<HookDeed, string>> = {
  pass: "exit 0",
  block: "echo 'not now' >&2; exit 2",
  context: `echo '${JSON.stringify(CONTEXT)}'`,
  fail: "exit 1",
  garbage: "echo '{\"decision\": 5'",
  hang: "trap '' TERM; sleep 1000 & wait; sleep 1000",
}

hooksPortContract("hooks of Claude Code's files", () => {
  let at: Scene | undefined
  return {
    async portWith(deeds, timeoutMs) {
      const made = scene()
      at = made
      // Each is another one: the same command set twice runs once.
      const hooks = deeds.map((deed, number) => ({
        ...{ type: "command", command: `: ${number}; ${COMMANDS[deed]}`, timeout: timeoutMs / 1_000 },
      }))
      if (deeds.length > 0) made.put("~/.claude/settings.json", { hooks: { PreToolUse: [{ hooks }] } })
      return { port: made.hooks, cwd: made.project }
    },
    async running() {
      // What did not heed the request to end is ended a moment later, beside the answer.
      for (let tries = 0; tries < 200 && (at?.processes.running() ?? 0) > 0; tries++) await Bun.sleep(10)
      return at?.processes.running() ?? 0
    },
    async cleanUp() {
      await at?.[Symbol.asyncDispose]()
      at = undefined
    },
  }
})
