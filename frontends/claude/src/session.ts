import type {
  CallId,
  ClientId,
  CommandInfo,
  Engine,
  Event,
  ModelInfo,
  Op,
  Receipt,
  Rule,
  SessionId,
  SettingsChange,
  ToolInfo,
} from "@skein/protocol"
import { accepted } from "@skein/protocol"
import { asText, type Json } from "@skein/protocol/json"
import { settingsOfAgent } from "./agents.ts"
import type { Children } from "./children.ts"
import type { HostCall } from "./host-call.ts"
import { type LineContext, Translator } from "./lines.ts"
import { openOrCreate } from "./opening.ts"
import type { SdkServers } from "./sdk-servers.ts"
import { serverLines } from "./servers.ts"
import type { Brought, SessionOptions } from "./session-options.ts"
import { settingsOf } from "./settings.ts"
import { claudeMode, claudeSessionId, type PermissionMode, skeinMode } from "./words.ts"

/** The one session of a host, opened with the first thing that needs it. */
export interface HostSession {
  readonly sessionId: SessionId
  /** How long it has been open here, in ms. */
  readonly openMs: () => number
  /** The model it was opened with, `provider/model`. */
  readonly firstModel: string
  readonly translator: Translator
  readonly events: AsyncIterable<Event>
  /** To be waited for before an event is told: sends what its sub-agents did before it. Undefined when there is nothing. */
  readonly before: (event: Event, send: (line: Json) => void) => Promise<void> | undefined
  /** A call of this session or of its sub-agents that has not settled. */
  readonly call: (callId: CallId) => HostCall | undefined
  /** The host's id of any call that it was told of. */
  readonly toolUseId: (callId: string) => string | undefined
  /** What hooks are told of every point. */
  readonly facts: Json
  /** Throws SkeinError when the engine refuses. */
  submit(op: Op): Promise<Extract<Receipt, { status: "accepted" }>>
  /** The rules that hold. */
  readRules(): Promise<readonly Rule[]>
  /** Servers that the host brings; made when it first brings some. */
  readonly sdk: SdkServers | undefined
  servers(): Promise<SdkServers>
  /** What is told of servers at the beginning of turns is read anew. */
  readServers(): Promise<readonly Json[]>
  /** Begins those, and those of the command line. To be called once events are read. */
  connect(): Promise<void>
  /** Whether the host is asked what must be approved. */
  readonly isAnswering: () => boolean
  /** Whether the host is who was asked. */
  readonly isMeant: (clientId: ClientId) => boolean
  setMode(mode: PermissionMode): Promise<void>
  change(changes: SettingsChange): Promise<void>
  /** Stops answering: what would be asked from here on is refused. */
  detach(): Promise<void>
  close(): Promise<void>
}

/** What the engine offers, read once. */
export interface Offer {
  readonly models: readonly ModelInfo[]
  readonly tools: readonly ToolInfo[]
  /** Those that can do something. */
  readonly commands: readonly CommandInfo[]
}

export async function readOffer(engine: Engine): Promise<Offer> {
  const [models, tools, commands] = await Promise.all([
    engine.ask({ type: "models.list" }),
    engine.ask({ type: "tools.list" }),
    engine.ask({ type: "commands.list" }),
  ])
  return { models, tools, commands: commands.filter(({ blocker }) => blocker === undefined) }
}

/** Opens the session that the flags name: a new one, or one to go on with. Throws SkeinError with what to do instead. */
export async function openSession(
  engine: Engine,
  options: SessionOptions & Brought,
  offer: Offer,
): Promise<HostSession> {
  const { flags } = options
  const openedAt = performance.now()
  const uuid = options.uuid ?? (() => crypto.randomUUID())
  const agents = (await options.agents?.()) ?? []
  const given = {
    ...settingsOfAgent(flags.agent, agents, offer.models),
    ...settingsOf(flags, offer.models, offer.tools, options.cwd),
  }
  const opened = await openOrCreate(engine, options, given)
  const { sessionId } = opened
  const namesOfCommands = async () =>
    (await engine.ask({ type: "commands.list", sessionId })).flatMap(({ name, blocker }) =>
      blocker === undefined ? [name] : [],
    )
  let commandNames = await namesOfCommands()
  const plugins = await engine.ask({ type: "plugins.list", sessionId })
  const skills = await engine.ask({ type: "skills.list", of: { sessionId } })
  const clientId: ClientId = `cli_${uuid()}`
  let mode = flags.permissionMode ?? claudeMode(opened.settings.mode)
  let isAttached = false

  const submit = (op: Op) => accepted(engine, op)
  const isAsked = options.isHosted === true
  /** `dontAsk` is `ask` without anybody who answers. What servers want to know is the host's all the same. */
  const attach = async () => {
    const shouldAnswer = flags.hostAnswers && mode !== "dontAsk"
    const answers = [...(shouldAnswer ? (["approval"] as const) : []), ...(isAsked ? (["question"] as const) : [])]
    if (shouldAnswer === isAttached && !isAsked) return
    isAttached = shouldAnswer
    if (answers.length > 0) await submit({ type: "client.attach", sessionId, clientId, answers })
    else await submit({ type: "client.detach", sessionId, clientId })
  }
  await attach()
  let sdk: SdkServers | undefined
  const servers = async (): Promise<SdkServers> => {
    if (sdk !== undefined) return sdk
    const { sdkServers } = await import("./sdk-servers.ts")
    const { servers: first = [], warn = () => {} } = options
    sdk ??= sdkServers({ ...{ sessionId, clientId: `cli_${uuid()}`, submit, warn, first } })
    return sdk
  }
  const [brought, inHost] = [options.servers ?? [], flags.sdkServers ?? []]
  if (brought.length + inHost.length > 0) await (await servers()).bring(brought, inHost)
  let mcpServers: readonly Json[] = []
  const readServers = async () => {
    const lines = await serverLines(engine, sessionId)
    mcpServers = lines.map(({ name, status }) => ({ name, status }))
    return lines
  }
  await readServers()
  let tools = opened.settings.tools ?? (await toolNames(engine, sessionId, offer))

  const context: LineContext = {
    sessionId: claudeSessionId(sessionId),
    cwd: opened.cwd,
    tools: () => tools,
    agents: agents.map(({ name }) => name),
    outputStyle: opened.settings.outputStyle ?? "default",
    keySource: () => asText(options.account?.().apiKeySource),
    models: offer.models,
    commands: () => commandNames,
    model: opened.settings.model,
    mode: () => mode,
    skills: skills.map(({ name }) => name),
    plugins: plugins.map(({ name, folder }) => ({ name, path: folder })),
    mcpServers: () => mcpServers,
    isPartial: flags.includePartialMessages,
    hasHooks: flags.includeHookEvents,
    ...{ hasSuggestions: flags.hasSuggestions, hidesThinking: flags.hidesThinking },
    isStructured: flags.jsonSchema !== undefined,
    uuid,
  }
  const translator = new Translator(context)
  const children = childrenOf(engine, options, context, translator)

  return {
    sessionId,
    openMs: () => Math.round(performance.now() - openedAt),
    firstModel: opened.settings.model,
    events: engine.events({ sessionId, from: opened.seq + 1 }),
    translator,
    before: children.before,
    call: (callId) => translator.call(callId) ?? children.call(callId),
    toolUseId: (callId) => translator.toolUseId(callId) ?? children.call(callId as CallId)?.toolUseId,
    get facts() {
      const common = { session_id: claudeSessionId(sessionId), transcript_path: "", cwd: opened.cwd }
      return { ...common, permission_mode: mode }
    },
    submit,
    readRules: () => engine.ask({ type: "rules.list", sessionId }),
    get sdk() {
      return sdk
    },
    ...{ servers, readServers },
    async connect() {
      const known = await engine.ask({ type: "mcp.servers", sessionId })
      const given = known.filter(({ scope, state }) => (scope === "client" || scope === "flag") && state === "idle")
      if (given.length === 0) return
      await (await servers()).connect(given.map(({ name }) => name))
      await readServers()
      tools = opened.settings.tools ?? (await toolNames(engine, sessionId, offer))
      commandNames = await namesOfCommands()
    },
    isAnswering: () => isAttached,
    isMeant: (asked) => asked === clientId,
    async setMode(next) {
      mode = next
      await attach()
      await submit({ type: "settings.change", sessionId, changes: { mode: skeinMode(next) } })
    },
    async change(next) {
      await submit({ type: "settings.change", sessionId, changes: next })
    },
    async detach() {
      await sdk?.detach()
      if (!isAttached && !isAsked) return
      isAttached = false
      await submit({ type: "client.detach", sessionId, clientId })
    },
    async close() {
      await submit({ type: "session.close", sessionId })
    },
  }
}

/** The built-in ones first, then those that servers, programs and plugins bring. */
async function toolNames(engine: Engine, sessionId: SessionId, { tools }: Offer): Promise<readonly string[]> {
  const all = await engine.ask({ type: "tools.list", sessionId })
  return [...new Set([...tools, ...all].map(({ name }) => name))]
}

/** Loaded with the first sub-agent. */
function childrenOf(engine: Engine, { flags, warn }: SessionOptions, context: LineContext, translator: Translator) {
  let loading: Promise<Children> | undefined
  let children: Children | undefined
  const load = async (send: (line: Json) => void): Promise<Children> => {
    const { Children } = await import("./children.ts")
    const isTextForwarded = flags.forwardsSubagentText === true
    const told = { ...context, engine, isTextForwarded, send, warn: warn ?? (() => {}) }
    children = new Children(told, (callId) => translator.call(callId)?.toolUseId)
    return children
  }
  return {
    call: (callId: CallId) => children?.call(callId),
    before(event: Event, send: (line: Json) => void): Promise<void> | undefined {
      if (!event.type.startsWith("subagent.") && event.type !== "approval.requested") return undefined
      if (event.type === "subagent.started") loading ??= load(send)
      return loading?.then((known) => known.before(event))
    },
  }
}
