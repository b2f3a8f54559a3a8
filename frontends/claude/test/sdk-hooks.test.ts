import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { HookEvent, HookInput, HookJSONOutput } from "@anthropic-ai/claude-agent-sdk"
import { isMissing, real, resultOf } from "./real.ts"

const host = real((prompt) => {
  const [, path] = /write (\S+)/.exec(prompt) ?? []
  if (path !== undefined) return { text: "I will.", call: { name: "write", input: { path, content: "made\n" } } }
  return { text: "Hello there friend" }
})

/** Options with one callback for each event, and what they were told. */
function hooked(answers: Partial<Record<HookEvent, (input: HookInput) => HookJSONOutput>>, matcher?: string) {
  const told: { event: string; id: string | undefined; input: HookInput }[] = []
  const hooks = Object.fromEntries(
    Object.entries(answers).map(([event, answer]) => [
      event,
      [
        {
          ...(matcher === undefined ? {} : { matcher }),
          hooks: [
            async (input: HookInput, id: string | undefined) => {
              told.push({ event: input.hook_event_name, id, input })
              return answer(input)
            },
          ],
        },
      ],
    ]),
  )
  return { told, hooks }
}

const nothing = () => ({})

test.skipIf(isMissing)("callbacks hear of every point of a turn, in the contract's words and order", async () => {
  const { told, hooks } = hooked({
    ...{ SessionStart: nothing, UserPromptSubmit: nothing, PreToolUse: nothing, PostToolUse: nothing },
    // A host that closed its end cannot be asked: of SessionEnd it hears nothing.
    ...{ PostToolBatch: nothing, Stop: nothing, SessionEnd: nothing },
  })
  const messages = await host.all("write a.txt", { hooks, permissionMode: "acceptEdits" })

  expect(told.map(({ event }) => event)).toEqual([
    ...["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolBatch", "Stop"],
  ])
  const call = { tool_name: "Write", tool_input: { file_path: join(host.cwd, "a.txt"), content: "made\n" } }
  expect(told[0]?.input).toMatchObject({ source: "startup", cwd: host.cwd, session_id: resultOf(messages).session_id })
  expect(told[1]?.input).toMatchObject({ prompt: "write a.txt", permission_mode: "acceptEdits" })
  expect(told[2]?.input).toMatchObject(call)
  expect(told[3]?.input).toMatchObject({ ...call, tool_response: { filePath: join(host.cwd, "a.txt") } })
  expect(told[4]?.input).toMatchObject({ tool_calls: [call] })
  expect(told[5]?.input).toMatchObject({ stop_hook_active: false, last_assistant_message: "All done here." })
  // The host knows the call by the id of its own line.
  const used = messages.flatMap((line) =>
    line.type === "assistant"
      ? line.message.content.flatMap((block) => (block.type === "tool_use" ? block.id : []))
      : [],
  )
  expect([told[2]?.id, told[3]?.id]).toEqual([used[0], used[0]])
})

test.skipIf(isMissing)(
  "PreToolUse refuses a call, with its reason for the model, before anybody is asked",
  async () => {
    const { hooks } = hooked({
      PreToolUse: () => ({
        hookSpecificOutput: {
          ...{
            hookEventName: "PreToolUse",
            permissionDecision: "deny",
            permissionDecisionReason: "Not in this house.",
          },
        },
      }),
    })
    let asked = 0
    const canUseTool = async (_: string, input: Record<string, unknown>) => {
      asked += 1
      return { behavior: "allow" as const, updatedInput: input }
    }
    const messages = await host.all("write b.txt", { hooks, canUseTool })
    expect([asked, existsSync(join(host.cwd, "b.txt"))]).toEqual([0, false])
    expect(JSON.stringify(messages.filter(({ type }) => type === "user"))).toContain("Not in this house.")
  },
)

test.skipIf(isMissing)("PreToolUse allows a call with other arguments, and nobody is asked", async () => {
  const { hooks } = hooked({
    PreToolUse: (input) => ({
      hookSpecificOutput: {
        ...{ hookEventName: "PreToolUse", permissionDecision: "allow" },
        updatedInput: {
          ...("tool_input" in input ? (input.tool_input as Record<string, unknown>) : {}),
          content: "made better\n",
        },
      },
    }),
  })
  const messages = await host.all("write c.txt", { hooks })
  expect(readFileSync(join(host.cwd, "c.txt"), "utf8")).toBe("made better\n")
  expect(resultOf(messages).permission_denials).toEqual([])
})

test.skipIf(isMissing)("a matcher is a tool's name, and what does not match is not asked", async () => {
  const { told, hooks } = hooked({ PreToolUse: nothing }, "Bash|Read")
  await host.all("write d.txt", { hooks, permissionMode: "acceptEdits" })
  expect(told).toEqual([])
  expect(existsSync(join(host.cwd, "d.txt"))).toBe(true)
})

test.skipIf(isMissing)("a callback that throws says nothing, or no, as its matcher has it", async () => {
  const throwing = async () => {
    throw new Error("broken")
  }
  const options = { permissionMode: "acceptEdits" } as const
  await host.all("write e.txt", { ...options, hooks: { PreToolUse: [{ hooks: [throwing] }] } })
  expect(existsSync(join(host.cwd, "e.txt"))).toBe(true)
  const strict = { hooks: [throwing], onFailure: "block" as const }
  await host.all("write f.txt", { ...options, hooks: { PreToolUse: [strict] } })
  expect(existsSync(join(host.cwd, "f.txt"))).toBe(false)
})

test.skipIf(isMissing)("a prompt's callback adds what the model reads, or keeps the prompt from it", async () => {
  const additionalContext = "The code word is heron."
  const adding = hooked({
    UserPromptSubmit: () => ({ hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext } }),
  })
  await host.all("hello one", { hooks: adding.hooks })
  expect(host.sent.some((body) => body.includes("hello one") && body.includes(additionalContext))).toBe(true)

  const blocking = hooked({ UserPromptSubmit: () => ({ decision: "block", reason: "Not today." }) })
  const messages = await host.all("hello two", { hooks: blocking.hooks }).catch((error: Error) => error.message)
  expect(host.sent.some((body) => body.includes("hello two"))).toBe(false)
  expect(JSON.stringify(messages)).toContain("Not today.")
})

test.skipIf(isMissing)("a Stop that blocks makes one more request, with its reason", async () => {
  const { told, hooks } = hooked({
    Stop: (input) =>
      "stop_hook_active" in input && input.stop_hook_active ? {} : { decision: "block", reason: "Say it in French." },
  })
  const messages = await host.all("hello three", { hooks })
  expect(told.map(({ input }) => "stop_hook_active" in input && input.stop_hook_active)).toEqual([false, true])
  expect(host.sent.at(-1)).toContain("Say it in French.")
  expect(resultOf(messages).num_turns).toBe(2)
})
