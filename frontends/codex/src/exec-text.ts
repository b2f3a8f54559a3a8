import type { SessionView } from "@skein/protocol"
import type { ExecEvent, ExecItem } from "./exec-events.ts"
import { codexModel, codexSandbox, threadIdOf } from "./words.ts"

/** What a person reads on stderr before the work begins. */
export function execHeader(facts: {
  readonly version: string
  readonly view: SessionView
  readonly prompt: string
  /** Whether approvals are answered with yes; otherwise nobody is asked. */
  readonly isApprovingAll: boolean
}): readonly string[] {
  const { sessionId, cwd, settings } = facts.view
  const { provider, model } = codexModel(settings.model)
  return [
    `skein v${facts.version}`,
    RULE,
    `workdir: ${cwd}`,
    `model: ${model}`,
    `provider: ${provider}`,
    `approval: ${facts.isApprovingAll ? "always" : "never"}`,
    `sandbox: ${codexSandbox(settings.sandbox)}`,
    `reasoning effort: ${settings.effort ?? "default"}`,
    "reasoning summaries: auto",
    `session id: ${threadIdOf(sessionId)}`,
    RULE,
    "user",
    facts.prompt,
  ]
}

const RULE = "--------"

/** The lines of stderr for one event of a run without `--json`. */
export class ExecText {
  readonly #cwd: string
  readonly #now: () => number
  readonly #paint: Paint
  readonly #startedAt = new Map<string, number>()

  /** `now`: milliseconds, for how long things took. `isColored`: headings stand out. */
  constructor(cwd: string, now: () => number, isColored: boolean) {
    this.#cwd = cwd
    this.#now = now
    this.#paint = isColored ? (code, text) => `\x1b[${code}m${text}\x1b[0m` : (_code, text) => text
  }

  lines(event: ExecEvent): readonly string[] {
    switch (event.type) {
      case "item.started":
        this.#startedAt.set(event.item.id, this.#now())
        return this.#started(event.item)
      case "item.completed":
        return this.#completed(event.item)
      case "error":
        return [this.#paint(RED, `ERROR: ${event.message}`)]
      case "turn.completed": {
        const { input_tokens, cached_input_tokens, output_tokens } = event.usage
        const total = input_tokens - cached_input_tokens + output_tokens
        return ["tokens used", total.toLocaleString("en-US")]
      }
      default:
        return []
    }
  }

  #started(item: ExecItem): readonly string[] {
    if (item.type === "command_execution") return [this.#heading("exec"), `${item.command} in ${this.#cwd}`]
    if (item.type === "mcp_tool_call") return [this.#heading("tool"), `${item.tool} ${JSON.stringify(item.arguments)}`]
    if (item.type === "collab_tool_call") return [this.#heading("agent"), item.prompt ?? ""]
    return []
  }

  #completed(item: ExecItem): readonly string[] {
    switch (item.type) {
      case "agent_message":
        return [this.#heading("skein"), item.text]
      case "reasoning":
        return [this.#heading("thinking"), item.text]
      case "command_execution":
        return [this.#commandEnd(item), ...(item.aggregated_output === "" ? [] : [item.aggregated_output.trimEnd()])]
      case "file_change":
        return [
          this.#heading(item.status === "completed" ? "patch: completed" : "patch: failed"),
          ...item.changes.map(({ path, kind }) => `${kind === "add" ? "A" : kind === "delete" ? "D" : "M"} ${path}`),
        ]
      case "mcp_tool_call":
        return [item.error === null ? ` ${item.tool} succeeded${this.#took(item)}` : ` failed: ${item.error.message}`]
      case "web_search":
        return [this.#heading("web search"), item.query]
      case "todo_list":
        return [this.#heading("plan"), ...item.items.map(({ text, completed }) => `${completed ? "✓" : "•"} ${text}`)]
      case "collab_tool_call":
        return [` agent ${item.prompt ?? ""} ${item.status}${this.#took(item)}`]
      case "error":
        return [this.#paint(YELLOW, `warning: ${item.message}`)]
    }
  }

  #commandEnd(item: Extract<ExecItem, { type: "command_execution" }>): string {
    if (item.status === "completed") return ` succeeded${this.#took(item)}:`
    if (item.status === "declined") return " declined:"
    return item.exit_code === null ? ` stopped${this.#took(item)}:` : ` exited ${item.exit_code}${this.#took(item)}:`
  }

  #took({ id }: ExecItem): string {
    const startedAt = this.#startedAt.get(id)
    this.#startedAt.delete(id)
    return startedAt === undefined ? "" : ` in ${Math.round(this.#now() - startedAt)}ms`
  }

  #heading(text: string): string {
    return this.#paint(MAGENTA, text)
  }
}

type Paint = (code: number, text: string) => string
const RED = 31
const YELLOW = 33
const MAGENTA = 35
