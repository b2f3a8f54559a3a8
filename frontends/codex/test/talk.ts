import type { testEngine } from "@skein/testkit"
import { type AppServerOptions, serveAppServer } from "../src/index.ts"

export interface Message {
  readonly id?: number | string | undefined
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly result?: Record<string, unknown>
  readonly error?: { readonly code: number; readonly message: string }
}

/** A client at the other end of the pipe: sends requests, waits for what comes. */
export function client(send: (line: string) => void) {
  const messages: Message[] = []
  const sent: Message[] = []
  const taken = new Set<Message>()
  const waiting: { readonly isMeant: (message: Message) => boolean; resolve(message: Message): void }[] = []
  let ids = 0
  return {
    /** Everything that came, in order. */
    messages,
    /** Everything that was said, in order. */
    sent,
    take(line: string) {
      const message: Message = JSON.parse(line)
      messages.push(message)
      const at = waiting.findIndex(({ isMeant }) => isMeant(message))
      if (at < 0) return
      taken.add(message)
      for (const { resolve } of waiting.splice(at, 1)) resolve(message)
    },
    say(message: Message) {
      sent.push(message)
      send(JSON.stringify(message))
    },
    /** The first message that is meant, of those nobody waited for yet. */
    until(isMeant: (message: Message) => boolean): Promise<Message> {
      const there = messages.find((message) => !taken.has(message) && isMeant(message))
      if (there === undefined) return new Promise((resolve) => waiting.push({ isMeant, resolve }))
      taken.add(there)
      return Promise.resolve(there)
    },
    next(method: string): Promise<Message> {
      return this.until((message) => message.method === method)
    },
    request(method: string, params: Record<string, unknown> = {}): Promise<Message> {
      const id = ++ids
      this.say({ id, method, params })
      return this.until((message) => message.id === id && message.method === undefined)
    },
    async handshake(capabilities: Record<string, unknown> = {}) {
      const answer = await this.request("initialize", { clientInfo: { name: "test", version: "1" }, capabilities })
      this.say({ method: "initialized" })
      return answer
    },
    /** A thread, by its id. */
    async thread(params: Record<string, unknown> = {}): Promise<string> {
      const { result, error } = await this.request("thread/start", params)
      if (error) throw new Error(error.message)
      return idOf(result?.thread)
    },
    turn(threadId: string, text: string, more: Record<string, unknown> = {}) {
      return this.request("turn/start", { threadId, input: [{ type: "text", text, text_elements: [] }], ...more })
    },
  }
}

export function idOf(value: unknown): string {
  return (value as { readonly id: string }).id
}

/** A client of a server over an engine of fakes. */
export function serve(engine: ReturnType<typeof testEngine>, more: Partial<AppServerOptions> = {}) {
  const said: string[] = []
  let wake: () => void = () => {}
  let isOver = false
  async function* input() {
    for (;;) {
      const line = said.shift()
      if (line !== undefined) yield line
      else if (isOver) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const host = client((line) => {
    said.push(line)
    wake()
  })
  const notes: string[] = []
  const served = serveAppServer({
    engine,
    input: input(),
    write: (line) => host.take(line),
    options: {
      version: "1.2.3",
      cwd: "/repo",
      home: "/home/me/.skein",
      settings: {
        model: "test/scripted",
        mode: "auto",
        sandbox: "workspace-write",
        extraRoots: [],
        limits: {},
      },
      startModel: async () => "test/scripted",
      platform: "linux",
      clientId: "cli_test",
      now: () => 1_000_000,
      readImage: (path) => {
        throw new Error(`Cannot read ${path}`)
      },
      warn: (text) => notes.push(text),
      ...more,
    },
  })
  /** Closes the client's end. */
  async function leave(): Promise<void> {
    isOver = true
    wake()
    await served
  }
  return Object.assign(host, {
    notes,
    leave,
    /** Closes the client's end, and the engine. */
    async end() {
      await leave()
      await engine.close()
    },
  })
}
