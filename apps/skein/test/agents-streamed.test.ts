import { expect, test } from "bun:test"
import { asList, asObject, parseObject } from "@skein/protocol/json"
import { describeBinary } from "./ground/binary.ts"
import { working } from "./ground/working.ts"

const HANG_MS = 60_000
const STREAM = ["--output-format", "stream-json", "--verbose"]

const task = (agent: string, prompt: string) => ({ name: "task", args: { agent, description: "look about", prompt } })

interface Line {
  readonly type?: string
  readonly subtype?: string
  readonly parent_tool_use_id?: string | null
  readonly message?: { readonly content: readonly { readonly type: string; readonly name?: string }[] }
}

/** `assistant tool_use Task`, with `>` before what a sub-agent did. */
function brief(text: string): readonly string[] {
  const { type, subtype, message, parent_tool_use_id: parent } = (parseObject(text) ?? {}) as Line
  const blocks = message?.content.map((block) => [block.type, block.name].filter(Boolean).join(" ")) ?? []
  const said = [type, subtype, ...blocks].filter(Boolean).join(" ")
  return text.trim() === "" ? [] : [`${typeof parent === "string" ? "> " : ""}${said}`]
}

describeBinary("sub-agents, as programs that drive skein see them,", () => {
  test(
    "do their calls, for a host of the stream-json contract, below the call that began them, all of it before that call's result",
    async () => {
      using at = working({
        "who knows": [{ calls: [task("finder", "Find the parser.")] }, { text: "It is in src." }],
        "Find the parser.": [{ calls: [{ name: "glob", args: { pattern: "**/*.ts" } }] }, { text: "src/parser.ts:1" }],
      })
      const { out } = await at.scene.run(["-p", "who knows", ...STREAM])
      // How far it is comes when it comes.
      expect(
        out
          .split("\n")
          .flatMap(brief)
          .filter((line) => !/task_progress|tool_progress/.test(line)),
      ).toEqual([
        "system init",
        "assistant tool_use Task",
        "system task_started",
        "> assistant tool_use Glob",
        "> user tool_result",
        "system task_notification",
        "user tool_result",
        "assistant text",
        "result success",
      ])
    },
    HANG_MS,
  )

  test(
    "are items of their own for a client of Codex's exec, from their beginning to their end",
    async () => {
      using at = working({
        "who knows": [{ calls: [task("finder", "Find the parser.")] }, { text: "It is in src." }],
        "Find the parser.": [{ text: "src/parser.ts:1" }],
      })
      const { out } = await at.scene.run(["exec", "--json", "--skip-git-repo-check", "who knows"])
      const items = out.split("\n").map((line) => asObject(parseObject(line)?.item) ?? {})
      const [began, ended] = items.filter(({ type }) => type === "collab_tool_call")
      expect(began).toMatchObject({ tool: "spawn_agent", prompt: "finder: look about", status: "in_progress" })
      const thread = String(asList(began?.receiver_thread_ids)[0])
      expect(ended).toEqual({
        ...began,
        ...{ status: "completed", agents_states: { [thread]: { status: "completed", message: "src/parser.ts:1" } } },
      })
    },
    HANG_MS,
  )
})
