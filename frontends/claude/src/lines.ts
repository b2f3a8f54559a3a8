import type { CallId, Event, EventOf, ModelInfo } from "@skein/protocol"
import { writeContent } from "./content.ts"
import type { Json } from "./fields.ts"
import { type DeltaKind, partialMessages } from "./partial.ts"
import { toolUseResult } from "./results.ts"
import { apiFailure, interruptionText, turnAccount } from "./turn.ts"
import { messageUsage, NO_USAGE } from "./usage.ts"
import { claudeError, claudeInput, claudeModel, claudeStop, claudeTool, type PermissionMode } from "./words.ts"

/** The release of the contract that these lines follow; hosts read it to know what to expect. */
export const CONTRACT_VERSION = "2.1.329"

export interface LineContext {
  /** The session's plain UUID. */
  readonly sessionId: string
  readonly cwd: string
  /** Names of all tools, ours. */
  readonly tools: readonly string[]
  readonly models: readonly ModelInfo[]
  /** `provider/model` at the start; changes are followed. */
  readonly model: string
  readonly mode: () => PermissionMode
  readonly mcpServers: readonly Json[]
  readonly isPartial: boolean
  readonly isStructured: boolean
  readonly uuid: () => string
}

/** A call as the host knows it. */
export interface HostCall {
  readonly toolUseId: string
  /** Our name of the tool. */
  readonly tool: string
  readonly name: string
  readonly input: Json
  readonly title: string
}

export interface Translator {
  /** The lines that an event makes, in order; none for most. */
  lines(event: Event): readonly Json[]
  call(id: CallId): HostCall | undefined
}

/** Tells a session's events in the contract's words: one content block for each assistant line. */
export function translator(context: LineContext): Translator {
  const calls = new Map<CallId, HostCall>()
  const approvals = new Map<string, CallId>()
  const account = turnAccount(context)
  const partial = partialMessages()
  let model = context.model
  let messageId = ""

  const line = (fields: Json): Json => ({ ...fields, session_id: context.sessionId, uuid: context.uuid() })
  const system = (subtype: string, fields: Json): Json => line({ type: "system", subtype, ...fields })
  const streamed = (events: readonly Json[]): readonly Json[] =>
    context.isPartial ? events.map((event) => line({ type: "stream_event", event, parent_tool_use_id: null })) : []
  const assistant = (at: number, block: Json, more: Json = {}): Json => {
    const message = {
      id: messageId,
      type: "message",
      role: "assistant",
      model: claudeModel(model),
      content: [block],
      stop_reason: null,
      stop_sequence: null,
      usage: messageUsage(NO_USAGE),
    }
    return line({
      type: "assistant",
      message,
      parent_tool_use_id: null,
      timestamp: new Date(at).toISOString(),
      ...more,
    })
  }
  const user = (at: number, content: readonly Json[], more: Json = {}): Json =>
    line({
      type: "user",
      message: { role: "user", content },
      parent_tool_use_id: null,
      timestamp: new Date(at).toISOString(),
      ...more,
    })

  /** Block kinds of the contract for our two kinds of text. */
  const blockOf = (kind: "agent_message" | "reasoning", text: string): Json =>
    kind === "reasoning" ? { type: "thinking", thinking: text, signature: "" } : { type: "text", text }
  const deltaOf = (kind: "agent_message" | "reasoning"): DeltaKind =>
    kind === "reasoning" ? "thinking_delta" : "text_delta"

  const init = (): Json =>
    system("init", {
      cwd: context.cwd,
      tools: context.tools.map(claudeTool),
      mcp_servers: context.mcpServers,
      model: claudeModel(model),
      permissionMode: context.mode(),
      slash_commands: [],
      agents: [],
      skills: [],
      plugins: [],
      output_style: "default",
      apiKeySource: "none",
      claude_code_version: CONTRACT_VERSION,
      capabilities: ["interrupt_receipt_v1"],
    })

  const stepStarted = (event: EventOf<"step.started">): readonly Json[] => {
    const left = partial.end(null)
    model = event.model
    messageId = `msg_${event.turnId.slice("trn_".length)}_${event.step}_${event.attempt}`
    account.stepStarted(event)
    const requesting = context.isPartial ? [system("status", { status: "requesting" })] : []
    return [...streamed(left), ...requesting, ...streamed(partial.begin(messageId, claudeModel(model)))]
  }

  const itemCompleted = (event: EventOf<"item.completed">): readonly Json[] => {
    if (event.text === "") return streamed(partial.close(event.itemId))
    if (event.kind === "agent_message") account.said(event.text)
    const more = event.status === "interrupted" ? { aborted: true } : {}
    return [
      ...streamed(partial.open(event.itemId, blockOf(event.kind, ""))),
      ...streamed(partial.complete(event.itemId, deltaOf(event.kind), event.text)),
      assistant(event.at, blockOf(event.kind, event.text), more),
      ...streamed(partial.close(event.itemId)),
    ]
  }

  const callRequested = (event: EventOf<"call.requested">): readonly Json[] => {
    const call = {
      toolUseId: event.providerCallId ?? event.callId,
      tool: event.name,
      name: claudeTool(event.name),
      input: claudeInput(event.name, event.input, context.cwd),
      title: event.title,
    }
    calls.set(event.callId, call)
    const block = { type: "tool_use", id: call.toolUseId, name: call.name }
    return [
      ...streamed(partial.open(event.callId, { ...block, input: {} })),
      ...streamed(partial.add(event.callId, "input_json_delta", JSON.stringify(call.input))),
      assistant(event.at, { ...block, input: call.input }),
      ...streamed(partial.close(event.callId)),
    ]
  }

  const callSettled = (event: EventOf<"call.settled">): readonly Json[] => {
    const call = calls.get(event.callId)
    if (!call) return []
    calls.delete(event.callId)
    if (event.code === "call.denied" || event.code === "call.unattended") deny(event.callId, call)
    const block = {
      type: "tool_result",
      tool_use_id: call.toolUseId,
      content: writeContent(event.forModel),
      is_error: event.outcome !== "success",
    }
    const result = user(event.at, [block], { tool_use_result: toolUseResult(call.name, call.input, event) })
    return [...streamed(partial.end("tool_use")), result]
  }

  const deny = (callId: CallId, call: HostCall | undefined) => {
    if (call) account.denied(callId, { tool_name: call.name, tool_use_id: call.toolUseId, tool_input: call.input })
  }

  const turnEnded = (event: EventOf<"turn.ended">): readonly Json[] => {
    const left = streamed(partial.end(null))
    const { outcome, at } = event
    const failed = apiFailure(outcome)
    const told = failed
      ? [failedRequest(at, failed.text, claudeError(failed.code))]
      : outcome.kind === "interrupted"
        ? [user(at, [{ type: "text", text: interruptionText(account.hasRunCalls) }])]
        : []
    return [...left, ...told, line(account.ended(event))]
  }

  const failedRequest = (at: number, text: string, error: string): Json => {
    const message = {
      id: context.uuid(),
      type: "message",
      role: "assistant",
      model: "<synthetic>",
      content: [{ type: "text", text }],
      stop_reason: "stop_sequence",
      stop_sequence: "",
      usage: messageUsage(NO_USAGE),
    }
    const timestamp = new Date(at).toISOString()
    return line({ type: "assistant", message, parent_tool_use_id: null, timestamp, error, is_api_error_message: true })
  }

  const lines = (event: Event): readonly Json[] => {
    switch (event.type) {
      case "settings.changed":
        model = event.changes.model ?? model
        return event.changes.mode === undefined
          ? []
          : [system("status", { status: null, permissionMode: context.mode() })]
      case "turn.started":
        account.started(event)
        return [init()]
      case "step.started":
        return stepStarted(event)
      case "item.started":
        return streamed(partial.open(event.itemId, blockOf(event.kind, "")))
      case "item.delta":
        return streamed(
          partial.add(event.itemId, event.channel === "reasoning" ? "thinking_delta" : "text_delta", event.text),
        )
      case "item.completed":
        return itemCompleted(event)
      case "call.requested":
        return callRequested(event)
      case "call.amended": {
        const call = calls.get(event.callId)
        if (call) calls.set(event.callId, { ...call, input: claudeInput(call.tool, event.input, context.cwd) })
        return []
      }
      case "call.settled":
        return callSettled(event)
      case "approval.requested":
        if (event.callId !== undefined) approvals.set(event.approvalId, event.callId)
        return streamed(partial.end("tool_use"))
      case "approval.resolved": {
        const callId = approvals.get(event.approvalId)
        approvals.delete(event.approvalId)
        if (callId !== undefined && event.answer.startsWith("reject")) deny(callId, calls.get(callId))
        return []
      }
      case "step.ended":
        account.stepEnded(event)
        return streamed(partial.end(claudeStop(event.stop), event.usage))
      case "step.discarded":
        return streamed(partial.end(null))
      case "retry.scheduled":
        return [
          system("api_retry", {
            attempt: event.attempt,
            max_retries: event.attempt,
            retry_delay_ms: Math.max(0, event.atMs - event.at),
            error_status: null,
            error: claudeError(event.code),
          }),
        ]
      case "context.compacted":
        return event.kind === "micro"
          ? []
          : [
              system("compact_boundary", {
                compact_metadata: {
                  trigger: event.kind === "forced" ? "manual" : "auto",
                  pre_tokens: event.tokensBefore,
                  post_tokens: event.tokensAfter,
                },
              }),
            ]
      case "turn.ended":
        return turnEnded(event)
      default:
        return []
    }
  }

  return { lines, call: (id) => calls.get(id) }
}
