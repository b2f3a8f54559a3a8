import type { Usage } from "@skein/protocol"
import { asList, asNumber, asObject, asText, isSameJson, type Json } from "@skein/protocol/json"
import type { Beat } from "../beat.ts"
import { contentOf, textOf } from "../files/content.ts"
import { recordsOf } from "../files/records.ts"
import type { FoundSession } from "../format.ts"
import type { Ledger } from "../ledger.ts"
import { clockOf } from "../time.ts"
import { beatsOfItem } from "./items.ts"
import { isPersons, type RolloutLine, rolloutLine } from "./lines.ts"

/**
 * A rollout as beats. The items that were sent and received are the conversation; the events beside them tell where turns
 * begin and end, and what was spent. Events that repeat an item are passed over.
 */
export async function* codexBeats(found: FoundSession, ledger: Ledger, bytesMax: number): AsyncGenerator<Beat> {
  const clock = clockOf(found.at)
  const talk = new Talk(ledger)
  for await (const record of recordsOf(found.path, ledger, { bytesMax })) {
    const line = rolloutLine(record)
    yield* talk.beats(line, clock(line.timestamp))
  }
}

/** What one line means, given those before it. */
class Talk {
  readonly #ledger: Ledger
  #provider = "openai"
  #id: string | undefined
  /** Between a turn's start and its end, where the log tells them. */
  #isBounded = false
  #hasSpoken = false
  #spent: Json | undefined

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  beats(line: RolloutLine, at: number): Beat[] {
    const { payload } = line
    switch (line.type) {
      case "session_meta":
        return this.#meta(line)
      case "turn_context":
        return this.#model(asText(payload.model), at)
      case "response_item":
        return this.#item(line, at)
      case "event_msg":
        return this.#event(line, at)
      case "compacted":
        return this.#compacted(line, at)
      case "state":
      case "world_state":
      case "token_usage_record":
        return []
      default:
        this.#ledger.lose("unknown_type", line.line, line.type)
        return []
    }
  }

  #meta({ payload, line }: RolloutLine): Beat[] {
    const id = asText(payload.id)
    // The file of a fork may repeat the header of what it was forked from.
    if (this.#id !== undefined && id !== this.#id) this.#ledger.lose("duplicate", line)
    this.#id ??= id
    this.#provider = asText(payload.model_provider) ?? this.#provider
    if (payload.history_base !== undefined && payload.history_base !== null) this.#ledger.lose("elsewhere", line)
    return []
  }

  #model(model: string | undefined, at: number): Beat[] {
    return model === undefined ? [] : [{ kind: "modelled", at, model: `${this.#provider}/${model}` }]
  }

  #item({ payload, line }: RolloutLine, at: number): Beat[] {
    const beats = beatsOfItem({ payload, line, at, isSteer: this.#isBounded && this.#hasSpoken }, this.#ledger)
    if (beats.some(({ kind }) => kind === "said")) this.#hasSpoken = true
    return beats
  }

  #event({ payload, line }: RolloutLine, at: number): Beat[] {
    switch (payload.type) {
      case "task_started":
      case "turn_started":
        this.#isBounded = true
        this.#hasSpoken = false
        return []
      case "task_complete":
      case "turn_complete": {
        this.#isBounded = false
        const message = asText(asObject(payload.error)?.message) ?? asText(payload.error)
        return [{ kind: "ended", at, end: message === undefined ? { kind: "completed" } : { kind: "failed", message } }]
      }
      case "turn_aborted":
        this.#isBounded = false
        return [{ kind: "ended", at, end: { kind: "interrupted" } }]
      case "token_count":
        return this.#usage(asObject(payload.info), at)
      case "thread_rolled_back":
        return [{ kind: "rewound", at, turns: asNumber(payload.num_turns) ?? 0 }]
      case "thread_name_updated": {
        const title = asText(payload.thread_name) ?? asText(payload.name)
        return title === undefined ? [] : [{ kind: "named", at, title }]
      }
      case "thread_settings_applied":
        return this.#model(asText(asObject(payload.thread_settings)?.model), at)
      case "error":
      case "warning":
      case "stream_error": {
        const text = asText(payload.message) ?? "(no message)"
        return [{ kind: "noted", at, level: payload.type === "warning" ? "warning" : "error", text }]
      }
      default:
        if (!REPEATED.test(asText(payload.type) ?? "")) this.#ledger.lose("unknown_type", line, `event ${payload.type}`)
        return []
    }
  }

  /** The same totals are told again when only the rate limits have changed. */
  #usage(info: Json | undefined, at: number): Beat[] {
    const total = asObject(info?.total_token_usage)
    const last = asObject(info?.last_token_usage)
    if (last === undefined || (total !== undefined && isSameJson(total, this.#spent))) return []
    this.#spent = total
    return [{ kind: "spent", at, usage: usageOf(last) }]
  }

  #compacted({ payload, line }: RolloutLine, at: number): Beat[] {
    const history = asList(payload.replacement_history).map((entry) => asObject(entry) ?? {})
    const message = asText(payload.message) ?? ""
    if (message === "" && history.some((item) => String(item.type).startsWith("compaction"))) {
      this.#ledger.lose("opaque_summary", line)
      return [{ kind: "compacted", at, tokensBefore: 0 }]
    }
    const said = history.flatMap((item) => {
      const text = textOf(contentOf(item.content, this.#ledger, line))
      return item.type === "message" && item.role === "user" && text !== message && isPersons(item, text) ? [text] : []
    })
    const summary = [...said, message].filter((text) => text !== "").join("\n\n")
    return summary === "" ? [] : [{ kind: "compacted", at, summary, tokensBefore: 0 }]
  }
}

/** Events that tell again what an item says, or what only matters while a turn runs. */
const REPEATED =
  /^(item_|user_message$|agent_|context_compacted$|exec_|patch_apply_|mcp_|web_search_|view_image_|turn_diff$|plan_|background_|session_configured$|entered_review|exited_review|raw_response|image_generation|dynamic_tool|collab_|hook_|sub_agent|thread_goal|model_|deprecation)/

function usageOf(usage: Json): Usage {
  const cacheRead = asNumber(usage.cached_input_tokens) ?? 0
  const cacheWrite = asNumber(usage.cache_write_input_tokens) ?? 0
  return {
    input: Math.max((asNumber(usage.input_tokens) ?? 0) - cacheRead - cacheWrite, 0),
    cacheRead,
    cacheWrite,
    output: asNumber(usage.output_tokens) ?? 0,
    reasoning: asNumber(usage.reasoning_output_tokens) ?? 0,
  }
}
