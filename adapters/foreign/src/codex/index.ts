import { basename, join } from "node:path"
import { asObject, asText, type Json } from "@skein/protocol/json"
import { contentOf, textOf } from "../files/content.ts"
import { fingerprintOf } from "../files/fingerprint.ts"
import { headOf, previewOf } from "../files/head.ts"
import { filesBelow } from "../files/walk.ts"
import type { FoundSession } from "../format.ts"
import { Ledger } from "../ledger.ts"
import type { Reader } from "../reader.ts"
import { timeOf } from "../time.ts"
import { isPersons, type RolloutLine, rolloutLine } from "./lines.ts"
import { codexBeats } from "./read.ts"

/** Codex: `$CODEX_HOME/sessions/YYYY/MM/DD/rollout-….jsonl`, and `archived_sessions/`. */
export const codex: Reader = {
  format: "codex",
  async *places({ home, env }) {
    const root = env.CODEX_HOME || join(home, ".codex")
    yield* filesBelow(join(root, "sessions"), ".jsonl")
    yield* filesBelow(join(root, "archived_sessions"), ".jsonl")
  },
  async find(path) {
    const lines = (await headOf(path)).map(rolloutLine)
    const [first] = lines
    const isOurs = lines.some(({ type, payload }) => type === "session_meta" && asText(payload.id) !== undefined)
    // Other programs' lines have neither a payload nor the items of the Responses API.
    if (first === undefined || (!isOurs && !isRollout(path, lines))) return []
    return [foundOf(path, lines)]
  },
  fingerprint: ({ path }) => fingerprintOf(path),
  beats: codexBeats,
}

function isRollout(path: string, lines: readonly RolloutLine[]): boolean {
  return /^rollout-/.test(basename(path)) && lines.some(({ payload }) => ITEMS.has(payload.type))
}
const ITEMS: ReadonlySet<unknown> = new Set(["message", "reasoning", "function_call", "function_call_output"])

function foundOf(path: string, lines: readonly RolloutLine[]): FoundSession {
  const meta = lines.find(({ type }) => type === "session_meta")?.payload ?? {}
  const named = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/.exec(path)?.[1]
  const context = lines.find(({ type }) => type === "turn_context")?.payload
  return {
    format: "codex",
    path,
    id: asText(meta.id) ?? named ?? basename(path, ".jsonl"),
    cwd: asText(meta.cwd) ?? asText(context?.cwd) ?? toldFolder(lines),
    at: timeOf(meta.timestamp) ?? timeOf(lines[0]?.timestamp) ?? 0,
    preview: previewOf(lines.map(saidIn).find((text) => text !== "") ?? ""),
    isInteractive: isInteractive(meta),
  }
}

function saidIn({ type, payload }: RolloutLine): string {
  if (type !== "response_item" || payload.type !== "message" || payload.role !== "user") return ""
  const text = textOf(contentOf(payload.content, new Ledger(), 0))
  return isPersons(payload, text) ? text : ""
}

/** The first versions wrote the folder nowhere but into what they told the model. */
function toldFolder(lines: readonly RolloutLine[]): string {
  const told = lines.map(({ payload }) => textOf(contentOf(payload.content, new Ledger(), 0))).join("\n")
  const [, tagged, named] = /<cwd>([^<\n]+)<\/cwd>|^Current working directory: (\/.+)$/m.exec(told) ?? []
  return (tagged ?? named ?? "").trim()
}

function isInteractive(meta: Json): boolean {
  const { source } = meta
  return source === undefined || (asObject(source) === undefined && source !== "exec" && source !== "mcp")
}
