import type { Surface, SurfaceRow } from "./surface.ts"

const yes = (...ids: readonly string[]): readonly SurfaceRow[] => ids.map((id) => ({ id, holds: "yes" }))
const not = (holds: "partly" | "no", id: string, why: string): SurfaceRow => ({ id, holds, why })

/** What one sees of `codex exec` from outside: its lines, items, exit codes and words. */
export const CODEX_EXEC: Surface = {
  id: "codex exec",
  reference: "codex-cli 0.163.0",
  boundary: "@skein/codex",
  artifacts: [
    "frontends/codex/test/same-exec.test.ts",
    "frontends/codex/test/sdk.test.ts",
    "frontends/codex/test/cli.test.ts",
    "frontends/codex/test/rollouts.test.ts",
  ],
  probes: ["exec.turns", "command-line"],
  rows: [
    ...yes(
      ...["thread.started", "turn.started", "turn.completed", "turn.failed", "error"].map((type) => `event:${type}`),
      ...["item.started", "item.updated", "item.completed"].map((type) => `event:${type}`),
      ...["agent_message", "reasoning", "command_execution", "file_change", "todo_list"].map((type) => `item:${type}`),
    ),
    ...yes("item:mcp_tool_call", "item:collab_tool_call", "item:error"),
    not("partly", "item:web_search", "Its id is counted like any other item's, not the provider's own."),
    ...yes("turn.completed:cumulative", "exit:0", "exit:1", "exit:2", "stdout:last message", "prompt:stdin"),
    not("partly", "message:failure", "A failure of the model is told in skein's words, not in Codex's."),
    not("partly", "resume:name", "A name that nobody has is an error; Codex begins another thread in silence."),
    not(
      "partly",
      "command:outside",
      "A command that would leave the workspace is declined before it runs; Codex runs it into its sandbox.",
    ),
  ],
}
