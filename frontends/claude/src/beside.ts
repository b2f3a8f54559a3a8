import type { CallId, Event, EventOf, ProcessId } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { textOf } from "./content.ts"
import type { HostCall } from "./host-call.ts"
import { compactionFields, hookFields, retryFields } from "./system-lines.ts"

export interface BesideContext {
  /** Whether a host is told of every hook that ran. */
  readonly hasHooks: boolean
  /** Whether a host shows what the person may want to say next. */
  readonly hasSuggestions: boolean
  /** A call that has not settled. */
  readonly call: (callId: CallId) => HostCall | undefined
  /** The host's id of any call. */
  readonly toolUseId: (callId: string) => string | undefined
}

type Running = Pick<EventOf<"process.started">, "callId" | "command">

/** What a host is told beside the conversation: of work that goes on, of waits, of what a person should know. */
export class BesideLines {
  readonly #context: BesideContext
  /** Programs beside the turns; those that ended before the host came are none of its. */
  readonly #running = new Map<ProcessId, Running>()
  readonly #startedAt = new Map<CallId, number>()

  constructor(context: BesideContext) {
    this.#context = context
  }

  /** Fields of lines, without their envelope. */
  lines(event: Event): readonly Json[] {
    switch (event.type) {
      case "retry.scheduled":
        return event.isReminder === true ? [] : [system("api_retry", retryFields(event))]
      case "context.compacted":
        return event.kind === "micro" ? [] : [system("compact_boundary", compactionFields(event))]
      case "hook.ran":
        return this.#context.hasHooks ? hookFields(event).map(({ subtype, fields }) => system(subtype, fields)) : []
      case "suggestion.made":
        return this.#context.hasSuggestions ? [{ type: "prompt_suggestion", suggestion: event.text }] : []
      case "notice.posted":
        return [system("informational", { content: event.text, level: event.level === "info" ? "info" : "warning" })]
      case "call.started":
        this.#startedAt.set(event.callId, event.at)
        return []
      case "call.settled":
        this.#startedAt.delete(event.callId)
        return this.#refused(event)
      case "call.progress":
        return this.#progress(event)
      case "process.started":
        return this.#started(event)
      case "process.exited":
        return this.#exited(event)
      default:
        return []
    }
  }

  /** Nobody was asked: rules, the mode or the sandbox said no. What a host refused itself it knows. */
  #refused({ callId, code, forModel }: EventOf<"call.settled">): readonly Json[] {
    const call = this.#context.call(callId)
    if (call === undefined || (code !== "call.denied" && code !== "call.unattended")) return []
    const { toolUseId: tool_use_id, name: tool_name } = call
    return [system("permission_denied", { tool_name, tool_use_id, message: textOf(forModel) })]
  }

  #progress({ callId, at }: EventOf<"call.progress">): readonly Json[] {
    const call = this.#context.call(callId)
    if (call === undefined) return []
    const elapsed_time_seconds = Math.max(0, at - (this.#startedAt.get(callId) ?? at)) / 1_000
    const { toolUseId: tool_use_id, name: tool_name } = call
    return [{ type: "tool_progress", tool_use_id, tool_name, parent_tool_use_id: null, elapsed_time_seconds }]
  }

  #started({ processId, callId, command }: EventOf<"process.started">): readonly Json[] {
    this.#running.set(processId, { callId, command })
    const ids = this.#idsOf(processId, callId)
    const what = { description: command, task_type: "local_bash", is_backgrounded: true }
    return [system("task_started", { ...ids, ...what }), this.#all()]
  }

  #exited({ processId, exitCode, signal, artifact, isLost }: EventOf<"process.exited">): readonly Json[] {
    const running = this.#running.get(processId)
    if (running === undefined) return []
    this.#running.delete(processId)
    const status = signal !== undefined || isLost === true ? "stopped" : exitCode === 0 ? "completed" : "failed"
    const how = exitCode === undefined ? (signal ?? "lost") : `exit ${exitCode}`
    const told = { status, output_file: artifact?.path ?? "", summary: `${running.command}: ${how}` }
    return [system("task_notification", { ...this.#idsOf(processId, running.callId), ...told }), this.#all()]
  }

  #idsOf(processId: ProcessId, callId: CallId): Json {
    const tool_use_id = this.#context.toolUseId(callId)
    return { task_id: processId, ...(tool_use_id === undefined ? {} : { tool_use_id }) }
  }

  #all(): Json {
    const tasks = [...this.#running].map(([task_id, { command }]) => ({
      ...{ task_id, task_type: "local_bash", description: command },
    }))
    return system("background_tasks_changed", { tasks })
  }
}

function system(subtype: string, fields: Json): Json {
  return { type: "system", subtype, ...fields }
}
