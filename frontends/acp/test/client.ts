import {
  type ClientCapabilities,
  type ContentBlock,
  type CreateElicitationRequest,
  type CreateElicitationResponse,
  client,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionNotification,
  type SessionUpdate,
} from "@agentclientprotocol/sdk"
import type { Engine } from "@skein/protocol"
import { serveAcp } from "../src/index.ts"
import type { Editor } from "./editor.ts"
import { Wire } from "./schema.ts"

/** An agent at the other end of two streams of lines. */
export interface Pipe {
  write(line: string): void
  end(): void
  readonly lines: AsyncIterable<string>
  readonly exited: Promise<number>
}

/** The agent in this process, over any engine. */
export function served(engine: Engine): Pipe {
  const input = queue<string>()
  const output = queue<string>()
  const exited = serveAcp({
    engine,
    input: input.items,
    write: output.push,
    options: { version: "0.0.0", startModel: async () => "test/scripted", warn: (text) => console.error(text) },
  }).finally(output.end)
  return { write: input.push, end: input.end, lines: output.items, exited }
}

/** The built program, as an editor starts it. */
export function started(program: string, env: Record<string, string>, cwd: string): Pipe {
  const child = Bun.spawn([program, "acp"], { cwd, env, stdin: "pipe", stdout: "pipe", stderr: "inherit" })
  return {
    write: (line) => {
      child.stdin.write(`${line}\n`)
      child.stdin.flush()
    },
    end: () => void child.stdin.end(),
    lines: linesOf(child.stdout),
    exited: child.exited,
  }
}

export interface Asking {
  /** Its files and terminals. */
  readonly editor?: Editor
  readonly capabilities?: ClientCapabilities
  /** Answers a form; without it, it is left. */
  readonly form?: (request: CreateElicitationRequest) => CreateElicitationResponse
  /** Answers a question; without it, everything is allowed once. */
  readonly answer?: (request: RequestPermissionRequest, signal: AbortSignal) => Promise<RequestPermissionResponse>
}

export const allow = (optionId = "allow_once"): RequestPermissionResponse => ({
  outcome: { outcome: "selected", optionId },
})

/** The SDK's own client over a pipe. Every line of the agent is held to the schema; `close` fails when one did not. */
export async function connect(pipe: Pipe, { capabilities = {}, answer, form, editor }: Asking = {}) {
  const wire = new Wire()
  const seen: SessionNotification[] = []
  const asked: RequestPermissionRequest[] = []
  const waiting = new Set<() => void>()
  let violation: unknown
  const held = (check: () => unknown) => {
    try {
      check()
    } catch (error) {
      violation ??= error
    }
  }
  const app = client({ name: "test" })
    .onNotification(methods.client.session.update, ({ params }) => {
      seen.push(params)
      for (const look of waiting) look()
    })
    .onRequest(methods.client.session.requestPermission, ({ params, signal }) => {
      asked.push(params)
      return answer === undefined ? allow() : answer(params, signal)
    })
    .onRequest(methods.client.elicitation.create, ({ params }) => form?.(params) ?? { action: "cancel" })
  editor?.register(app)
  const connection = app.connect(
    ndJsonStream(
      toLines((line) => {
        held(() => wire.fromGoodClient(line))
        pipe.write(line)
      }),
      fromLines(pipe.lines, (line) => {
        held(() => wire.fromAgent(line))
      }),
    ),
  )
  const { agent } = connection
  const welcome = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: { ...editor?.capabilities, ...capabilities },
    clientInfo: { name: "test", version: "0" },
  })
  return {
    agent,
    welcome,
    asked,
    /** But for the commands, which every opened session begins with. */
    updates: (sessionId: string) =>
      seen
        .filter((each) => each.sessionId === sessionId)
        .map(({ update }) => update)
        .filter(({ sessionUpdate }) => sessionUpdate !== "available_commands_update"),
    /** The names of the commands that were offered last. */
    commands: (sessionId: string) =>
      seen.flatMap(({ sessionId: of, update }) =>
        of === sessionId && update.sessionUpdate === "available_commands_update" ? [update.availableCommands] : [],
      ),
    /** Resolves with the first update of a session that fits. */
    until(sessionId: string, fits: (update: SessionUpdate) => boolean): Promise<SessionUpdate> {
      const found = Promise.withResolvers<SessionUpdate>()
      const look = () => {
        const update = seen.find((each) => each.sessionId === sessionId && fits(each.update))?.update
        if (update === undefined) return
        waiting.delete(look)
        found.resolve(update)
      }
      waiting.add(look)
      look()
      return found.promise
    },
    /** The client closes its end. The agent's exit code; throws what was wrong with its lines. */
    async close(): Promise<number> {
      pipe.end()
      const code = await pipe.exited
      connection.close()
      if (violation !== undefined) throw violation
      return code
    },
  }
}

/** `agent_message_chunk "Hello"`, `tool_call pending write`, `tool_call_update completed`: what came, in order. */
export function outline(updates: readonly SessionUpdate[]): readonly string[] {
  return updates.map((update) => {
    switch (update.sessionUpdate) {
      case "agent_message_chunk":
      case "agent_thought_chunk":
      case "user_message_chunk":
        return `${update.sessionUpdate} ${update.content.type === "text" ? JSON.stringify(update.content.text) : update.content.type}`
      case "tool_call":
        return `tool_call ${update.status} ${update.title}`
      case "tool_call_update":
        return `tool_call_update ${update.status ?? "-"}`
      case "current_mode_update":
        return `current_mode_update ${update.currentModeId}`
      case "notice":
        return `notice ${update.severity} ${update.title}`
      default:
        return update.sessionUpdate
    }
  })
}

export const text = (words: string): ContentBlock[] => [{ type: "text", text: words }]

function queue<T>() {
  const waiting: T[] = []
  let isEnded = false
  let wake = () => {}
  async function* items() {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift() as T
      if (isEnded) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return {
    items: items(),
    push: (item: T) => {
      waiting.push(item)
      wake()
    },
    end: () => {
      isEnded = true
      wake()
    },
  }
}

function toLines(write: (line: string) => void): WritableStream<Uint8Array> {
  const split = splitter(write)
  return new WritableStream({ write: (chunk) => split(chunk) })
}

function fromLines(lines: AsyncIterable<string>, see: (line: string) => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async start(controller) {
      for await (const line of lines) {
        see(line)
        controller.enqueue(encoder.encode(`${line}\n`))
      }
      controller.close()
    },
  })
}

async function* linesOf(bytes: ReadableStream<Uint8Array>): AsyncIterable<string> {
  const ready: string[] = []
  const split = splitter((line) => ready.push(line))
  for await (const chunk of bytes) {
    split(chunk)
    yield* ready.splice(0)
  }
}

function splitter(take: (line: string) => void) {
  const decoder = new TextDecoder()
  let rest = ""
  return (chunk: Uint8Array) => {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) take(line)
  }
}
