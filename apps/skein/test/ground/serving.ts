import { readFileSync } from "node:fs"
import { join } from "node:path"
import { accepted, type Engine, type Event, type SessionId } from "@skein/protocol"
import { type AddressOptions, type ConnectOptions, connect, dialing, type RemoteEngine } from "@skein/rpc"
import type { Scene } from "./scene.ts"

/** A `skein serve` that is begun, and what a person or a program knows of it. */
export interface ServingSkein {
  readonly pid: number
  /** What it listens on, in the order of the command line. */
  readonly addresses: readonly string[]
  /** Everything on stderr so far. */
  readonly said: () => string
  /** A new client, of the first address unless told otherwise. */
  connect(
    options?: Partial<ConnectOptions> & { readonly way?: AddressOptions["way"]; readonly at?: number },
  ): Promise<RemoteEngine>
  /** Ends it by a signal; the exit code. */
  end(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number>
  readonly exited: Promise<number>
}

/** Starts the server and waits until it listens everywhere. Fails with what it said when it ends instead. */
export async function serving(
  scene: Scene,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ServingSkein> {
  const child = scene.start(["serve", ...args], { env })
  const decoder = new TextDecoder()
  const wanted = Math.max(1, args.filter((arg) => arg === "--listen" || arg === "--port").length)
  const listens = Promise.withResolvers<void>()
  let said = ""
  const reading = (async () => {
    for await (const chunk of child.stderr) {
      said += decoder.decode(chunk, { stream: true })
      if (addressesIn(said).length >= wanted) listens.resolve()
    }
    listens.reject(new Error(`skein serve has ended: ${said}`))
  })()
  await listens.promise
  const addresses = addressesIn(said)
  return {
    ...{ pid: child.pid, addresses, said: () => said, exited: child.exited },
    connect({ way, at = 0, ...options } = {}) {
      const token = tokenOf(scene)
      const dial = dialing(addresses[at] ?? "", { token, way })
      return connect(dial, { client: { name: "test", version: "0" }, ...options })
    },
    async end(signal) {
      child.kill(signal)
      const code = await child.exited
      await reading
      return code
    },
  }
}

/** The token that it made, or none. */
export function tokenOf(scene: Scene): string {
  try {
    return readFileSync(join(scene.data, "serve", "token"), "utf8").trim()
  } catch {
    // Nothing was served over HTTP there.
    return ""
  }
}

export async function newSession(engine: Engine, cwd: string, more: object = {}): Promise<SessionId> {
  return (await accepted(engine, { type: "session.create", cwd, ...more })).sessionId
}

export function prompt(engine: Engine, sessionId: SessionId, text: string) {
  return accepted(engine, { type: "turn.submit", sessionId, input: [{ type: "text", text }], delivery: "queue" })
}

/** Events until the first of a type, that one included. */
export async function until(events: AsyncIterable<Event>, type: Event["type"]): Promise<Event[]> {
  const seen: Event[] = []
  for await (const event of events) {
    seen.push(event)
    if (event.type === type) return seen
  }
  throw new Error(`The events ended before ${type}: ${seen.map((event) => event.type).join(", ")}`)
}

function addressesIn(said: string): string[] {
  return [...said.matchAll(/^listening on (\S+)$/gm)].map(([, address = ""]) => address)
}
