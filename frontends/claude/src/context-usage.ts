import type { Json } from "@skein/protocol/json"
import type { ControlContext } from "./control-context.ts"
import { claudeModel } from "./words.ts"

/** What fills the window now. Tokens are estimates until a provider has counted them. */
export async function contextUsage({ engine, session }: ControlContext): Promise<Json> {
  const { sessionId } = await session()
  const [report, view] = await Promise.all([
    engine.ask({ type: "context.report", sessionId }),
    engine.ask({ type: "session.read", sessionId }),
  ])
  const sections = report.sections.map(({ path, source, tokens }) => ({ name: path ?? source, tokens }))
  const servers = report.servers ?? []
  const ofServers = servers.reduce((sum, { tokens }) => sum + tokens, 0)
  const ofPrompt = sections.reduce((sum, { tokens }) => sum + tokens, 0)
  const most = report.contextTokens ?? 0
  return {
    categories: [
      row("system_prompt", "System prompt", ofPrompt),
      row("system_tools", "System tools", Math.max(0, report.toolTokens - ofServers)),
      ...(ofServers === 0 ? [] : [row("mcp_tools", "MCP tools", ofServers)]),
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
    // What a request tells of a server is known, not of each of its tools.
    mcpTools: servers.map(({ name, tokens }) => ({ name: `mcp__${name}__*`, serverName: name, tokens })),
    systemPromptSections: sections,
    agents: [],
    isAutoCompactEnabled: true,
    apiUsage: null,
  }
}

function row(id: string, name: string, tokens: number, kind = "used"): Json {
  return { id, name, tokens, color: "inactive", kind }
}
