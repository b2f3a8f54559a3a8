import type { Event, EventOf, Usage } from "@skein/protocol"
import { asObject, asText, type Json } from "@skein/protocol/json"

type Requested = EventOf<"call.requested">

/** What happens in a thread, in the words of Codex's `codex/event`: each message has a `type` and its own fields. */
export class CodexEvents {
  readonly #cwd: string
  readonly #calls = new Map<string, Requested>()
  #total: Json = tokens(undefined)
  #last = ""

  constructor(cwd: string) {
    this.#cwd = cwd
  }

  /** What the model said last, which is the answer. */
  get lastMessage(): string {
    return this.#last
  }

  of(event: Event): readonly Json[] {
    switch (event.type) {
      case "turn.started":
        return [{ type: "task_started", model_context_window: null }]
      case "item.delta":
        return [{ type: event.channel === "text" ? "agent_message_delta" : "agent_reasoning_delta", delta: event.text }]
      case "item.completed":
        return this.#item(event)
      case "call.requested":
        this.#calls.set(event.callId, event)
        return []
      case "call.started":
        return this.#begun(event.callId)
      case "call.settled":
        return this.#settled(event)
      case "step.ended":
        return this.#counted(event.usage)
      case "notice.posted":
        return [{ type: event.level === "info" ? "background_event" : "warning", message: event.text }]
      case "context.compacted":
        return [{ type: "context_compacted" }]
      case "turn.ended":
        return [this.#ended(event.outcome)]
      default:
        return []
    }
  }

  #item(event: EventOf<"item.completed">): readonly Json[] {
    if (event.status !== "complete") return []
    if (event.kind === "reasoning") return [{ type: "agent_reasoning", text: event.text }]
    if (event.kind !== "agent_message") return []
    this.#last = event.text
    return [{ type: "agent_message", message: event.text }]
  }

  #begun(callId: string): readonly Json[] {
    const call = this.#calls.get(callId)
    if (call === undefined) return []
    if (call.kind !== "execute")
      return [{ type: "mcp_tool_call_begin", call_id: callId, invocation: invocationOf(call) }]
    return [
      {
        ...{ type: "exec_command_begin", call_id: callId, turn_id: call.turnId },
        ...{ command: commandOf(call), cwd: this.#cwd, parsed_cmd: [] },
      },
    ]
  }

  #settled(event: EventOf<"call.settled">): readonly Json[] {
    const { callId, durationMs } = event
    const call = this.#calls.get(callId)
    this.#calls.delete(callId)
    if (call === undefined) return []
    const text = event.forModel.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
    const duration = { secs: Math.floor(durationMs / 1000), nanos: Math.floor((durationMs % 1000) * 1_000_000) }
    if (call.kind !== "execute") {
      const result =
        event.outcome === "success" ? { Ok: { content: [{ type: "text", text }], isError: false } } : { Err: text }
      return [{ type: "mcp_tool_call_end", call_id: callId, invocation: invocationOf(call), duration, result }]
    }
    return [
      {
        ...{ type: "exec_command_end", call_id: callId, turn_id: call.turnId, command: commandOf(call) },
        ...{ cwd: this.#cwd, parsed_cmd: [], stdout: text, stderr: "", aggregated_output: text },
        ...{ exit_code: event.exitCode ?? (event.outcome === "success" ? 0 : -1), duration, formatted_output: text },
      },
    ]
  }

  #counted(usage: Usage | undefined): readonly Json[] {
    if (usage === undefined) return []
    const last = tokens(usage)
    this.#total = Object.fromEntries(
      Object.entries(last).map(([key, count]) => [key, Number(count) + Number(this.#total[key] ?? 0)]),
    )
    const info = { total_token_usage: this.#total, last_token_usage: last, model_context_window: null }
    return [{ type: "token_count", info, rate_limits: null }]
  }

  #ended(outcome: EventOf<"turn.ended">["outcome"]): Json {
    if (outcome.kind === "completed") return { type: "task_complete", last_agent_message: this.#last }
    if (outcome.kind === "interrupted") return { type: "turn_aborted", reason: "interrupted" }
    return { type: "error", message: outcome.message }
  }
}

function invocationOf({ name, input }: Requested): Json {
  return { server: "skein", tool: name, arguments: asObject(input) ?? {} }
}

function commandOf({ input, title }: Requested): readonly string[] {
  return ["bash", "-lc", asText(asObject(input)?.command) ?? title]
}

function tokens(usage: Usage | undefined): Json {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning = 0 } = usage ?? {}
  const all = input + cacheRead + cacheWrite
  return {
    ...{ input_tokens: all, cached_input_tokens: cacheRead, output_tokens: output },
    ...{ reasoning_output_tokens: reasoning, total_tokens: all + output },
  }
}
