import { isAbsolute, join } from "node:path"
import type { CallId, Event, EventOf, FileChange, ItemId } from "@skein/protocol"
import { type BesideContent, BesideItems } from "./exec-beside.ts"
import {
  callWord,
  commandLine,
  type ExecUsage,
  isDeclined,
  isToldBeside,
  mcpContent,
  reconnecting,
  textOf,
  toolAddress,
  type WebSearchAction,
  webSearch,
} from "./words.ts"

/** One line of `exec --json`. */
export type ExecEvent =
  | { readonly type: "thread.started"; readonly thread_id: string }
  | { readonly type: "turn.started" }
  /** `usage` counts the whole thread so far. */
  | { readonly type: "turn.completed"; readonly usage: ExecUsage }
  | { readonly type: "turn.failed"; readonly error: { readonly message: string } }
  | { readonly type: "item.started" | "item.updated" | "item.completed"; readonly item: ExecItem }
  | { readonly type: "error"; readonly message: string }

export type ExecItem = { readonly id: string } & ExecContent

type ExecContent =
  | { readonly type: "agent_message" | "reasoning"; readonly text: string }
  | {
      readonly type: "command_execution"
      readonly command: string
      /** Standard output and error as they came. */
      readonly aggregated_output: string
      readonly exit_code: number | null
      readonly status: "in_progress" | "completed" | "failed" | "declined"
    }
  | {
      readonly type: "file_change"
      readonly changes: readonly { readonly path: string; readonly kind: FileChange["kind"] }[]
      readonly status: "in_progress" | "completed" | "failed"
    }
  | {
      readonly type: "mcp_tool_call"
      readonly server: string
      readonly tool: string
      readonly arguments: unknown
      readonly result: { readonly content: readonly unknown[]; readonly structured_content: unknown } | null
      readonly error: { readonly message: string } | null
      readonly status: "in_progress" | "completed" | "failed"
    }
  | { readonly type: "web_search"; readonly query: string; readonly action: WebSearchAction }
  | { readonly type: "error"; readonly message: string }
  | BesideContent

interface OpenCall {
  readonly requested: EventOf<"call.requested">
  input: unknown
  hasStarted: boolean
  /** The item that was told as started and is not completed yet. */
  item?: ExecItem
}

/** Tells a session's events as the items of `exec --json`. How a turn ends is told by whoever runs it. */
export class ExecItems {
  readonly #cwd: string
  readonly #calls = new Map<CallId, OpenCall>()
  /** Searches of the provider's own that have begun. */
  readonly #searches = new Map<ItemId, ExecItem>()
  /** Calls of which an item of their own tells. */
  readonly #toldBeside = new Set<CallId>()
  readonly #beside = new BesideItems(() => this.#nextId())
  #count = 0

  /** `cwd`: absolute; what relative paths of changes start from. */
  constructor(cwd: string) {
    this.#cwd = cwd
  }

  /** The lines an event makes, in order. */
  events(event: Event): readonly ExecEvent[] {
    switch (event.type) {
      case "item.completed":
        if (event.status !== "complete" || event.text.trim() === "") return []
        return [this.#completed({ type: event.kind, text: event.text })]
      case "hosted_call.started":
        return this.#searching(event)
      case "hosted_call.completed":
        return this.#searched(event)
      case "call.requested":
        // A call that could not be read is between the model and us; there was nothing to run.
        if (event.defect !== undefined) return []
        this.#calls.set(event.callId, { requested: event, input: event.input, hasStarted: false })
        return []
      case "call.amended":
        return this.#with(event.callId, (call) => {
          call.input = event.input
          return []
        })
      case "call.started":
        return this.#with(event.callId, (call) => this.#started(call))
      case "call.settled":
        return this.#with(event.callId, (call) => {
          this.#calls.delete(event.callId)
          return this.#settled(call, event)
        })
      case "step.discarded":
        if (event.retryInMs === undefined) return []
        return [{ type: "error", message: reconnecting(event.attempt, event.message) }]
      case "todo.changed":
        return this.#beside.listed(event)
      case "subagent.started":
        if (event.callId !== undefined) this.#toldBeside.add(event.callId)
        return this.#beside.began(event)
      case "subagent.ended":
        return this.#beside.ended(event)
      case "notice.posted":
        return event.level === "info" ? [] : [this.#completed({ type: "error", message: event.text })]
      default:
        return []
    }
  }

  /** Completes what is still open when a turn is over. */
  close(): readonly ExecEvent[] {
    const calls = [...this.#calls.values()].flatMap(({ item }) => (item === undefined ? [] : [item]))
    const open = [...calls, ...this.#searches.values()]
    this.#calls.clear()
    this.#searches.clear()
    const cut = open.map((item) => ({ type: "item.completed", item: cutShort(item) }) as const)
    return [...cut, ...this.#beside.close()]
  }

  #with(callId: CallId, tell: (call: OpenCall) => readonly ExecEvent[]): readonly ExecEvent[] {
    const call = this.#calls.get(callId)
    return call === undefined ? [] : tell(call)
  }

  #started(call: OpenCall): readonly ExecEvent[] {
    call.hasStarted = true
    if (isToldBeside(call.requested.name)) return []
    const content = startOf(call)
    // What a change does to which file is known when it is done, and then both lines are told.
    if (content === undefined) return []
    call.item = { id: this.#nextId(), ...content }
    return [{ type: "item.started", item: call.item }]
  }

  #settled(call: OpenCall, event: EventOf<"call.settled">): readonly ExecEvent[] {
    const isRefused = isDeclined(event.code)
    // A change that did not fit its file, or a call stopped before it ran, never became an item.
    if (!call.hasStarted && !isRefused) return []
    // The list, or the child, has an item of its own; a call that came to neither is told as one that failed.
    const { name } = call.requested
    if (isToldBeside(name) && (event.outcome === "success" || this.#toldBeside.has(event.callId))) return []
    const content = endOf(call, event, this.#cwd)
    const opening: ExecEvent[] =
      call.item === undefined
        ? [{ type: "item.started", item: { id: this.#nextId(), ...openingOf(content) } as ExecItem }]
        : []
    const id = call.item?.id ?? `item_${this.#count - 1}`
    return [...opening, { type: "item.completed", item: { id, ...content } as ExecItem }]
  }

  #searching({ itemId, action }: EventOf<"hosted_call.started">): readonly ExecEvent[] {
    if (this.#searches.has(itemId)) return []
    const item: ExecItem = { id: this.#nextId(), type: "web_search", ...webSearch({ action }, "exec") }
    this.#searches.set(itemId, item)
    return [{ type: "item.started", item }]
  }

  #searched(event: EventOf<"hosted_call.completed">): readonly ExecEvent[] {
    const begun = this.#searches.get(event.itemId)
    this.#searches.delete(event.itemId)
    const item: ExecItem = { id: begun?.id ?? this.#nextId(), type: "web_search", ...webSearch(event, "exec") }
    const opening: ExecEvent[] = begun === undefined ? [{ type: "item.started", item }] : []
    return [...opening, { type: "item.completed", item }]
  }

  #completed(content: ExecContent): ExecEvent {
    return { type: "item.completed", item: { id: this.#nextId(), ...content } as ExecItem }
  }

  #nextId(): string {
    return `item_${this.#count++}`
  }
}

function startOf({ requested, input }: OpenCall): ExecContent | undefined {
  switch (callWord(requested.name)) {
    case "command":
      return command(input, "in_progress")
    case "file_change":
      return undefined
    case "tool":
      return tool(requested.name, input, "in_progress")
  }
}

function endOf({ requested, input }: OpenCall, event: EventOf<"call.settled">, cwd: string): ExecContent {
  const isDone = event.outcome === "success"
  switch (callWord(requested.name)) {
    case "command":
      return {
        ...command(input, isDone ? "completed" : isDeclined(event.code) ? "declined" : "failed"),
        aggregated_output: event.forHuman?.kind === "command" ? event.forHuman.body : textOf(event.forModel),
        exit_code: event.exitCode ?? null,
      }
    case "file_change":
      return {
        type: "file_change",
        changes: (event.changes ?? expected(requested)).map(({ path, kind }) => ({ path: absolute(path, cwd), kind })),
        status: isDone ? "completed" : "failed",
      }
    case "tool":
      return {
        ...tool(requested.name, input, isDone ? "completed" : "failed"),
        result: isDone ? { content: mcpContent(event.forModel), structured_content: null } : null,
        error: isDone ? null : { message: textOf(event.forModel) },
      }
  }
}

type CommandItem = Extract<ExecContent, { type: "command_execution" }>
type ToolItem = Extract<ExecContent, { type: "mcp_tool_call" }>

function command(input: unknown, status: CommandItem["status"]): CommandItem {
  return { type: "command_execution", command: commandLine(input), aggregated_output: "", exit_code: null, status }
}

function tool(name: string, input: unknown, status: ToolItem["status"]): ToolItem {
  return {
    type: "mcp_tool_call",
    ...toolAddress(name),
    arguments: input ?? {},
    result: null,
    error: null,
    status,
  }
}

/** What a change would have touched, for one that was not made. */
function expected(requested: EventOf<"call.requested">): readonly Pick<FileChange, "path" | "kind">[] {
  return requested.locations.map((path) => ({ path, kind: "update" }))
}

/** An item as it began, of one that is told only when it is over. */
function openingOf(content: ExecContent): ExecContent {
  if (content.type === "file_change") return { ...content, status: "in_progress" }
  if (content.type === "command_execution") {
    return { ...content, aggregated_output: "", exit_code: null, status: "in_progress" }
  }
  if (content.type === "mcp_tool_call") return { ...content, result: null, error: null, status: "in_progress" }
  return content
}

function cutShort(item: ExecItem): ExecItem {
  if (item.type === "command_execution" || item.type === "file_change") return { ...item, status: "failed" }
  if (item.type === "mcp_tool_call") return { ...item, status: "failed", error: { message: "Interrupted." } }
  return item
}

function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : join(cwd, path)
}
