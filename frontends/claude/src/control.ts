import { type Engine, type ModelInfo, type Op, SkeinError } from "@skein/protocol"
import { asNumber, asText, type Json } from "@skein/protocol/json"
import { rewindFiles } from "./rewind.ts"
import { serverLines } from "./servers.ts"
import type { HostSession, Offer } from "./session.ts"
import { modelOf } from "./settings.ts"
import { CONTRACT_VERSION, claudeModel, effortOfTokens, isPermissionMode } from "./words.ts"

/** What a control request can reach. */
export interface ControlContext {
  readonly engine: Engine
  readonly offer: () => Promise<Offer>
  /** Opens the session when it is not open yet. */
  readonly session: () => Promise<HostSession>
  readonly mayBypass: boolean
  initialize(request: Json): void
  /** Submits an op that no turn may run beside. */
  submitIdle(op: Op): Promise<void>
  interrupt(cancelsQueued: boolean): Promise<Json>
  cancelMessage(uuid: string): boolean
}

/** Answers one control request, or throws SkeinError with a text for the host. */
export async function control(request: Json, context: ControlContext): Promise<Json> {
  const subtype = asText(request.subtype) ?? ""
  const answer = Object.hasOwn(ANSWERS, subtype) ? ANSWERS[subtype] : undefined
  if (!answer) throw new SkeinError("op.unsupported", `Unsupported control request subtype: ${subtype}`)
  return (await answer(request, context)) ?? {}
}

const ANSWERS: Readonly<Record<string, (request: Json, context: ControlContext) => Promise<Json | undefined>>> = {
  async initialize(request, context) {
    context.initialize(request)
    const { models, commands } = await context.offer()
    return {
      commands: commands.map(({ name, summary, usage }) => ({ name, description: summary, argumentHint: usage })),
      agents: [],
      output_style: "default",
      available_output_styles: ["default"],
      models: models.map(modelRow),
      account: {},
      hooks_applied: false,
      claude_code_version: CONTRACT_VERSION,
    }
  },
  interrupt: (request, context) => context.interrupt(request.cancel_queued === true),
  async cancel_async_message(request, context) {
    return { cancelled: context.cancelMessage(asText(request.message_uuid) ?? "") }
  },
  async set_permission_mode(request, context) {
    const mode = asText(request.mode) ?? ""
    if (!isPermissionMode(mode)) throw new SkeinError("op.invalid", `Unknown permission mode: ${mode}`)
    if (mode === "bypassPermissions" && !context.mayBypass) {
      throw new SkeinError("op.invalid", "bypassPermissions needs --allow-dangerously-skip-permissions at the start.")
    }
    await (await context.session()).setMode(mode)
    return { mode }
  },
  async set_model(request, context) {
    const name = asText(request.model)
    const { models } = await context.offer()
    const session = await context.session()
    const isDefault = name === undefined || name === "" || name === "default"
    await session.change({ model: isDefault ? session.firstModel : modelOf(name, models) })
    return undefined
  },
  async set_max_thinking_tokens(request, context) {
    const tokens = asNumber(request.max_thinking_tokens)
    const effort = tokens === undefined ? undefined : effortOfTokens(tokens)
    await (await context.session()).change({ effort })
    return undefined
  },
  async rewind_files(request, { engine, session, submitIdle }) {
    const { sessionId } = await session()
    return rewindFiles(request, { engine, sessionId, submitIdle })
  },
  async mcp_status(_request, context) {
    const { sessionId } = await context.session()
    return { mcpServers: await serverLines(context.engine, sessionId) }
  },
  async list_models(_request, context) {
    const { models } = await context.offer()
    return { models: models.map(modelRow) }
  },
  async get_context_usage(_request, context) {
    const { sessionId } = await context.session()
    const [report, view] = await Promise.all([
      context.engine.ask({ type: "context.report", sessionId }),
      context.engine.ask({ type: "session.read", sessionId }),
    ])
    const sections = report.sections.map((section) => ({
      name: section.path ?? section.source,
      tokens: section.tokens,
    }))
    const row = (id: string, name: string, tokens: number, kind = "used") => ({
      id,
      name,
      tokens,
      color: "inactive",
      kind,
    })
    const most = report.contextTokens ?? 0
    return {
      categories: [
        row(
          "system_prompt",
          "System prompt",
          sections.reduce((sum, section) => sum + section.tokens, 0),
        ),
        row("system_tools", "System tools", report.toolTokens),
        row("messages", "Messages", report.messageTokens),
        row("free_space", "Free space", Math.max(0, most - report.totalTokens), "free"),
      ],
      totalTokens: report.totalTokens,
      maxTokens: most,
      rawMaxTokens: most,
      percentage: most === 0 ? 0 : Math.round((report.totalTokens / most) * 100),
      gridRows: [],
      model: claudeModel(view.settings.model),
      memoryFiles: report.sections.flatMap(({ path, tokens }) =>
        path === undefined ? [] : [{ path, type: "Project", tokens }],
      ),
      mcpTools: [],
      systemPromptSections: sections,
      agents: [],
      isAutoCompactEnabled: false,
      apiUsage: null,
    }
  },
  async get_settings(_request, context) {
    const { sessionId } = await context.session()
    const { settings } = await context.engine.ask({ type: "session.read", sessionId })
    return {
      effective: {},
      sources: [],
      applied: { model: claudeModel(settings.model), effort: settings.effort ?? null },
    }
  },
  async rename_session(request, context) {
    const session = await context.session()
    const title = asText(request.title) ?? ""
    await session.submit({ type: "session.change", sessionId: session.sessionId, title })
    return undefined
  },
  /** Nothing depends on who watches. */
  async set_has_subscribers() {
    return undefined
  },
}

function modelRow(model: ModelInfo): Json {
  const name = claudeModel(`${model.provider}/${model.id}`)
  return {
    value: name,
    displayName: model.name ?? model.id,
    description: model.isReady ? `${model.provider} ${model.id}` : `${model.provider} ${model.id} (no key)`,
    supportsEffort: model.reasoning,
  }
}
