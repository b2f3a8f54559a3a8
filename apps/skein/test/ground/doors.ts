import { createHmac } from "node:crypto"
import type { Scene } from "./scene.ts"

interface Message {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

interface Asked {
  readonly id: unknown
  readonly method: string
  readonly params?: object
}

/** A server of Codex's protocols that has begun. */
export interface Door {
  readonly url: string
  /** By SIGTERM; the exit code. */
  end(): Promise<number>
}

/** One client in a WebSocket. */
export interface DoorClient {
  ask(request: Asked): Promise<Message>
  /** With which status the server closed it. */
  readonly closed: Promise<number>
}

/** Starts it, and waits until it says where it listens. Fails with what it said when it ends instead. */
export async function begun(scene: Scene, args: readonly string[]): Promise<Door> {
  const child = scene.start(args)
  const url = Promise.withResolvers<string>()
  let said = ""
  const hear = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder()
    for await (const bytes of stream) {
      said += decoder.decode(bytes, { stream: true })
      const found = /((?:ws|unix):\/\/\S+)\s/.exec(said)?.[1]
      if (found !== undefined) url.resolve(found)
    }
  }
  const heard = Promise.all([hear(child.stdout), hear(child.stderr)])
  void heard.then(() => url.reject(new Error(`It has ended: ${said}`)))
  return {
    url: await url.promise,
    async end() {
      child.kill("SIGTERM")
      const code = await child.exited
      await heard
      return code
    },
  }
}

/** Rejects when it is not let in. */
export async function door(url: string, headers: Readonly<Record<string, string>> = {}): Promise<DoorClient> {
  const socket = new WebSocket(url, { headers })
  const asked = new Map<unknown, (message: Message) => void>()
  const closed = Promise.withResolvers<number>()
  socket.onmessage = ({ data }) => {
    const message: Message = JSON.parse(String(data))
    asked.get(message.id)?.(message)
  }
  socket.onclose = ({ code }) => closed.resolve(code)
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error(`not let in at ${url}`))
  })
  return {
    closed: closed.promise,
    ask(request) {
      const { promise, resolve } = Promise.withResolvers<Message>()
      asked.set(request.id, resolve)
      socket.send(JSON.stringify(request))
      return promise
    },
  }
}

/** A signed token with a header of one's own. */
export function jwt(header: object, claims: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signed = `${part(header)}.${part(claims)}`
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
}
