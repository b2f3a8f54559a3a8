import { SkeinError } from "@skein/protocol"
import { asNumber, asText, type Json } from "@skein/protocol/json"
import { agentRow } from "./agents.ts"
import type { Answers, ControlContext } from "./control-context.ts"
import { commandRows, modelRows } from "./rows.ts"
import { setModel } from "./set-model.ts"
import { CONTRACT_VERSION, effortOfTokens, isPermissionMode } from "./words.ts"

/** Answers one control request, or throws SkeinError with a text for the host. */
export async function control(request: Json, context: ControlContext): Promise<Json> {
  const subtype = asText(request.subtype) ?? ""
  const answers = Object.hasOwn(ANSWERS, subtype) ? ANSWERS : await answersBeside(subtype)
  const answer = answers !== undefined && Object.hasOwn(answers, subtype) ? answers[subtype] : undefined
  if (!answer) throw new SkeinError("op.unsupported", `Unsupported control request subtype: ${subtype}`)
  return (await answer(request, context)) ?? {}
}

/** Whether what the host says next need not wait for the answer: it only reads, or waits for the host itself. */
export function isUnordered(subtype: string): boolean {
  return BESIDE.some(({ subtypes }) => subtypes.includes(subtype)) && subtype !== "apply_flag_settings"
}

/** Loaded with the first request of theirs. */
const BESIDE: readonly { readonly subtypes: readonly string[]; readonly load: () => Promise<Answers> }[] = [
  {
    subtypes: [
      ...["mcp_status", "mcp_set_servers", "mcp_reconnect", "mcp_toggle", "mcp_message"],
      "set_mcp_permission_mode_override",
    ],
    load: async () => (await import("./control-mcp.ts")).MCP_ANSWERS,
  },
  {
    subtypes: [
      ...["get_context_usage", "get_settings", "get_usage", "get_session_cost", "get_binary_version"],
      ...["get_hooks_listing", "list_permission_rules", "list_models"],
    ],
    load: async () => (await import("./control-facts.ts")).FACT_ANSWERS,
  },
  {
    subtypes: [
      ...["stop_task", "background_tasks", "get_task_output", "read_file", "file_suggestions", "rewind_files"],
      ...["reload_plugins", "reload_skills", "reload_output_styles"],
    ],
    load: async () => (await import("./control-work.ts")).WORK_ANSWERS,
  },
  {
    subtypes: ["apply_flag_settings"],
    load: async () => (await import("./control-settings.ts")).SETTINGS_ANSWERS,
  },
]

async function answersBeside(subtype: string): Promise<Answers | undefined> {
  return BESIDE.find(({ subtypes }) => subtypes.includes(subtype))?.load()
}

const ANSWERS: Answers = {
  async initialize(request, context) {
    const { hooks, servers, given } = await context.initialize(request)
    const { engine, cwd } = context
    const [{ models, commands }, agents, skills, styles] = await Promise.all([
      context.offer(),
      context.agents(),
      engine.ask({ type: "skills.list", of: { cwd } }),
      context.outputStyles(),
    ])
    return {
      commands: commandRows(commands, skills),
      agents: agents.map(agentRow),
      output_style: "default",
      available_output_styles: [...new Set(["default", ...styles])],
      models: modelRows(models),
      account: context.account(),
      hooks_applied: hooks.length > 0,
      hook_on_failure_supported: true,
      ...(request.plugins === undefined ? {} : { plugins_applied: given.pluginDirs !== undefined }),
      ...(request.mcpServers === undefined ? {} : { mcp_servers_applied: servers.length > 0 }),
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
    if (mode === "bypassPermissions" && !context.flags().mayBypass) {
      throw new SkeinError("op.invalid", "bypassPermissions needs --allow-dangerously-skip-permissions at the start.")
    }
    await (await context.session()).setMode(mode)
    return { mode }
  },
  set_model: (request, context) => setModel(asText(request.model), context),
  async set_max_thinking_tokens(request, context) {
    if (request.thinking_display === "highlights")
      throw new SkeinError(
        "op.unsupported",
        "Thinking is shown as the provider gives it: highlights cannot be asked for.",
      )
    const tokens = asNumber(request.max_thinking_tokens)
    const effort = tokens === undefined ? null : effortOfTokens(tokens)
    await (await context.session()).change({ effort })
    return undefined
  },
  async rename_session(request, context) {
    const session = await context.session()
    const title = asText(request.title) ?? ""
    await session.submit({ type: "session.change", sessionId: session.sessionId, title })
    return undefined
  },
  async register_repo_root(request, context) {
    const directory = asText(request.directory) ?? ""
    if (!directory.startsWith("/")) throw new SkeinError("op.invalid", "A directory is named by its absolute path.")
    const session = await context.session()
    await context.addRoots([directory])
    await context.hooks()?.at("DirectoryAdded", { ...session.facts, directory, source: "register_repo_root" })
    return undefined
  },
  /** Nothing depends on who watches. */
  async set_has_subscribers() {
    return undefined
  },
}
