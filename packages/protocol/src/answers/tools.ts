import { TOOL_KINDS } from "../events/call.ts"
import { lazy } from "../lazy.ts"
import * as z from "../schema.ts"
import { Rule } from "../settings.ts"

export const ToolInfoSchema = lazy(() =>
  z.object({
    name: z.string(),
    description: z.string(),
    inputSchema: z.unknown(),
    kind: z.enum(TOOL_KINDS),
    summary: z.string().optional(),
    effects: z.array(z.string()).optional(),
    needs: z.array(z.enum(["model", "person", "agents", "calls"])).optional(),
    isConcurrent: z.boolean(),
    timeoutMs: z.number(),
    file: z.string().optional(),
  }),
)

const mcpTool = () =>
  z.object({
    name: z.string(),
    title: z.string().optional(),
    description: z.string(),
    isReadOnlyHinted: z.boolean(),
    isEnabled: z.boolean(),
    tokens: z.number(),
    hasDrifted: z.boolean().optional(),
  })

export const McpServerInfoSchema = lazy(() =>
  z.object({
    name: z.string(),
    state: z.enum(["idle", "connecting", "connected", "reconnecting", "login", "untrusted", "disabled", "failed"]),
    message: z.string().optional(),
    transport: z.enum(["stdio", "http", "sse", "client"]),
    target: z.string(),
    scope: z.enum(["project", "user", "plugin", "client", "flag"]),
    file: z.string().optional(),
    title: z.string().optional(),
    version: z.string().optional(),
    protocol: z.string().optional(),
    tools: z.array(mcpTool()),
    promptsCount: z.number(),
    resourcesCount: z.number(),
    contextTokens: z.number(),
  }),
)

const DECISIONS = ["allow", "ask", "deny"] as const

export const ExplanationSchema = lazy(() =>
  z.object({
    decision: z.enum(DECISIONS),
    reasons: z.array(z.string()),
    rule: Rule().optional(),
    parts: z.array(
      z.object({ subject: z.string(), decision: z.enum(DECISIONS), reason: z.string(), rule: Rule().optional() }),
    ),
  }),
)

export const ProcessSaidSchema = lazy(() => z.object({ base64: z.string(), from: z.number(), isRunning: z.boolean() }))

export const CodeServerSchema = lazy(() =>
  z.object({
    name: z.string(),
    languages: z.array(z.string()),
    status: z.enum(["running", "idle", "not_installed", "failed", "off"]),
    root: z.string().optional(),
    memoryBytes: z.number().optional(),
    note: z.string().optional(),
  }),
)

export const CodeSymbolSchema = lazy(() =>
  z.object({
    name: z.string(),
    kind: z.string(),
    range: z.object({
      path: z.string(),
      line: z.number(),
      column: z.number(),
      lineEnd: z.number(),
      columnEnd: z.number(),
    }),
    container: z.string().optional(),
  }),
)

export const FoundPathsSchema = lazy(() =>
  z.object({
    paths: z.array(z.object({ path: z.string(), score: z.number(), positions: z.array(z.number()) })),
    lookedAt: z.number(),
    isCut: z.boolean(),
  }),
)
