import { basename, join } from "node:path"
import { asObject, asText, type Json } from "@skein/protocol/json"
import { contentOf, textOf } from "../files/content.ts"
import { fingerprintOf } from "../files/fingerprint.ts"
import { headOf, previewOf } from "../files/head.ts"
import { filesBelow } from "../files/walk.ts"
import { Ledger } from "../ledger.ts"
import type { Reader } from "../reader.ts"
import { timeOf } from "../time.ts"
import { claudeBeats } from "./read.ts"

/** Claude Code: `~/.claude/projects/<folder>/<id>.jsonl`; logs of subagents, `agent-….jsonl`, are part of another's story. */
export const claude: Reader = {
  format: "claude",
  async *places({ home, env }) {
    const root = env.CLAUDE_CONFIG_DIR || join(home, ".claude")
    for await (const path of filesBelow(join(root, "projects"), ".jsonl", 1)) {
      if (!basename(path).startsWith("agent-")) yield path
    }
  },
  async find(path) {
    const lines = (await headOf(path)).map(({ json }) => json)
    const first = lines.find(isEntry)
    if (first === undefined) return []
    const said = lines.find((json) => isEntry(json) && previewIn(json) !== "")
    return [
      {
        format: "claude",
        path,
        // A log that goes on from another begins with its lines, so the name of the file tells better.
        id:
          /^[0-9a-f]{8}-[0-9a-f-]{27}$/.exec(basename(path, ".jsonl"))?.[0] ??
          asText(first.sessionId) ??
          basename(path),
        cwd: lines.flatMap((json) => asText(json.cwd) ?? [])[0] ?? "",
        at: timeOf(first.timestamp) ?? 0,
        preview: said === undefined ? "" : previewIn(said),
        isInteractive: first.isSidechain !== true && !/^sdk/.test(asText(first.entrypoint) ?? ""),
      },
    ]
  },
  fingerprint: ({ path }) => fingerprintOf(path),
  beats: claudeBeats,
}

function isEntry(json: Json): boolean {
  const isKnown = json.type === "user" || json.type === "assistant" || json.type === "system"
  return isKnown && asText(json.uuid) !== undefined && asText(json.sessionId) !== undefined
}

function previewIn(json: Json): string {
  if (json.type !== "user" || json.isMeta === true || json.isCompactSummary === true) return ""
  const text = textOf(contentOf(asObject(json.message)?.content, new Ledger(), 0))
  return text.startsWith("<") ? "" : previewOf(text)
}
