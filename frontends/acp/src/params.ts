import { isAbsolute } from "node:path"
import { lazy } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { RPC, RpcError } from "./rpc.ts"

/** What clients send, as far as it is used. Fields that are not named here are left alone, as the protocol grows by them. */
const folder = () => z.string().refine(isAbsolute, { error: "The path is not absolute." })
const folders = () =>
  z
    .array(folder())
    .nullish()
    .transform((paths) => paths ?? [])
const pairs = () =>
  z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .transform((list) => Object.fromEntries((list ?? []).map(({ name, value }) => [name, value])))
const remote = (kind: "http" | "sse") =>
  z.object({ type: z.literal(kind), name: z.string().min(1), url: z.string().min(1), headers: pairs() })
const server = () =>
  z.union([
    remote("http"),
    remote("sse"),
    z.object({
      name: z.string().min(1),
      command: z.string().min(1),
      args: z
        .array(z.string())
        .nullish()
        .transform((args) => args ?? []),
      env: pairs(),
    }),
  ])
export type ClientServer = z.infer<ReturnType<typeof server>>
const servers = () =>
  z
    .array(server())
    .nullish()
    .transform((list) => list ?? [])

export const InitializeParams = lazy(() =>
  z.object({
    protocolVersion: z.int().min(0).max(65_535),
    clientCapabilities: z
      .object({
        session: z.object({ notices: z.unknown().optional(), compaction: z.unknown().optional() }).nullish(),
        elicitation: z.object({ form: z.unknown().optional() }).nullish(),
        fs: z.object({ readTextFile: z.boolean().nullish(), writeTextFile: z.boolean().nullish() }).nullish(),
        terminal: z.boolean().nullish(),
        auth: z.object({ terminal: z.boolean().nullish() }).nullish(),
        _meta: z.object({ terminal_output: z.unknown().optional() }).nullish(),
      })
      .nullish(),
  }),
)
export const AuthenticateParams = lazy(() => z.object({ methodId: z.string() }))
export const NewParams = lazy(() =>
  z.object({ cwd: folder(), mcpServers: servers(), additionalDirectories: folders() }),
)
export const LoadParams = lazy(() =>
  z.object({ sessionId: z.string(), cwd: folder(), mcpServers: servers(), additionalDirectories: folders() }),
)
export const ListParams = lazy(() => z.object({ cwd: folder().nullish(), cursor: z.string().nullish() }))
export const SessionParams = lazy(() => z.object({ sessionId: z.string() }))
export const TitleParams = lazy(() => z.object({ sessionId: z.string(), title: z.string() }))
export const ModeParams = lazy(() => z.object({ sessionId: z.string(), modeId: z.string() }))
export const ConfigParams = lazy(() => z.object({ sessionId: z.string(), configId: z.string(), value: z.string() }))

const block = () =>
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("text"), text: z.string() }),
    z.object({ type: z.literal("image"), data: z.string(), mimeType: z.string() }),
    z.object({ type: z.literal("audio") }),
    z.object({ type: z.literal("resource_link"), uri: z.string(), name: z.string() }),
    z.object({
      type: z.literal("resource"),
      resource: z.object({
        uri: z.string(),
        mimeType: z.string().nullish(),
        text: z.string().optional(),
        blob: z.string().optional(),
      }),
    }),
  ])
export type Block = z.infer<ReturnType<typeof block>>
export const PromptParams = lazy(() => z.object({ sessionId: z.string(), prompt: z.array(block()) }))

/** The answer to a question: which option, or that its turn was cancelled. */
export const PermissionAnswer = lazy(() =>
  z.object({
    outcome: z.union([
      z.object({ outcome: z.literal("selected"), optionId: z.string() }),
      z.object({ outcome: z.literal("cancelled") }),
    ]),
  }),
)

/** Answers of a client about its files and terminals. */
export const FileText = lazy(() => z.object({ content: z.string() }))
export const TerminalCreated = lazy(() => z.object({ terminalId: z.string() }))
export const TerminalExit = lazy(() => z.object({ exitCode: z.int().nullish(), signal: z.string().nullish() }))
export const TerminalOutput = lazy(() => z.object({ output: z.string(), truncated: z.boolean() }))

/** The params of a request. Throws RpcError that names the field. */
export function read<S extends z.ZodType>(schema: () => S, params: unknown): z.infer<S> {
  const checked = schema().safeParse(params ?? {})
  if (checked.success) return checked.data
  const issues = checked.error.issues.map(({ path, message }) => ({ path: path.join("."), message }))
  const words = issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
  throw new RpcError(RPC.invalidParams, `The params do not fit: ${words.join("; ")}`, { issues })
}
