import { basename, join } from "node:path"
import { asObject, asText, type Json } from "@skein/protocol/json"
import { contentOf, textOf } from "../files/content.ts"
import { fingerprintOf } from "../files/fingerprint.ts"
import { headOf, previewOf } from "../files/head.ts"
import { filesBelow } from "../files/walk.ts"
import { Ledger } from "../ledger.ts"
import type { Reader } from "../reader.ts"
import { timeOf } from "../time.ts"
import { piBeats } from "./read.ts"

/** pi: `~/.pi/agent/sessions/--<folder>--/<time>_<id>.jsonl`. */
export const pi: Reader = {
  format: "pi",
  async *places({ home, env }) {
    yield* filesBelow(join(env.PI_CODING_AGENT_DIR || join(home, ".pi", "agent"), "sessions"), ".jsonl", 2)
  },
  async find(path) {
    const lines = (await headOf(path)).map(({ json }) => json)
    const head = lines.find((json) => json.type === "session" && asText(json.id) !== undefined)
    if (head === undefined) return []
    return [
      {
        format: "pi",
        path,
        id: asText(head.id) ?? basename(path),
        cwd: asText(head.cwd) ?? "",
        at: timeOf(head.timestamp) ?? 0,
        preview: previewOf(lines.map(saidIn).find((text) => text !== "") ?? ""),
        isInteractive: true,
      },
    ]
  },
  fingerprint: ({ path }) => fingerprintOf(path),
  beats: piBeats,
}

function saidIn(json: Json): string {
  const message = asObject(json.message)
  return message?.role === "user" ? textOf(contentOf(message.content, new Ledger(), 0)) : ""
}
