import { expect, test } from "bun:test"
import { parseObject } from "@skein/protocol/json"
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

describeBinary("sub-agents, as a host of the stream-json contract sees them", () => {
  test(
    "do their calls below the call that began them, all of it before that call's result",
    async () => {
      using at = working({
        "who knows": [{ calls: [task("finder", "Find the parser.")] }, { text: "It is in src." }],
        "Find the parser.": [{ calls: [{ name: "glob", args: { pattern: "**/*.ts" } }] }, { text: "src/parser.ts:1" }],
      })
      const { out } = await at.scene.run(["-p", "who knows", ...STREAM])
      expect(out.split("\n").flatMap(brief)).toEqual([
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
})
