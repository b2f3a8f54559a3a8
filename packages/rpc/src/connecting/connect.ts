import {
  type Engine,
  type Event,
  type Op,
  type Query,
  type QueryAnswer,
  type Receipt,
  SkeinError,
  type Subscription,
} from "@skein/protocol"
import { asObject, asText, type Json } from "@skein/protocol/json"
import { WINDOW } from "@skein/protocol/wire"
import { fromRefusal, type Peer } from "../words.ts"
import { Attached } from "./attached.ts"
import type { Dial } from "./dial.ts"
import { Followed } from "./followed.ts"
import { repeatable } from "./ids.ts"
import { Link, LinkLost } from "./link.ts"

export interface ConnectOptions {
  /** What the server is told who asks. */
  readonly client: Peer
  /** How long a lost connection is dialled anew, in milliseconds, before what waits fails; 30 seconds when left out, 0: never. */
  readonly reconnectMs?: number | undefined
  /** How long the far end may take to greet back, in milliseconds, before nobody counts as there; 30 seconds when left out. */
  readonly greetingMs?: number | undefined
  /** Events that may come before they are read, of each subscription; 64 when left out, 1,024 at most. */
  readonly window?: number | undefined
  /** A connection was lost, or is there again. */
  readonly onState?: ((state: "lost" | "connected") => void) | undefined
}

/** An engine at the far end of a wire, which no front-end can tell from one in its process. */
export interface RemoteEngine extends Engine {
  /** Who serves, as it said when it was last connected to. */
  readonly server: Peer
  /** Ends the connection: events end, what waits for an answer fails. The server and its sessions go on. */
  close(): void
}

/**
 * Connects to a served engine. Whenever the connection is lost it is dialled anew, what was not answered is asked again (an op by
 * its `opId`, which is done once), and each subscription goes on behind its last durable event, with a new `session.snapshot`.
 * Throws SkeinError `engine.unreachable` when nobody is there, `engine.refused` when we are not let in.
 */
export async function connect(dial: Dial, options: ConnectOptions): Promise<RemoteEngine> {
  const remote = new Remote(dial, options)
  await remote.begin()
  return remote
}

const RECONNECT_MS = 30_000
const GREETING_MS = 30_000
const PAUSE_MS = 50
const PAUSE_MS_MAX = 2_000

class Remote implements RemoteEngine {
  readonly #dial: Dial
  readonly #options: ConnectOptions
  readonly #attached = new Attached()
  readonly #followed = new Set<Followed>()
  /** Those that the connection of just now knows, by its names for them. */
  readonly #named = new Map<string, Followed>()
  /** The connection that each was last asked for over. */
  readonly #asked = new WeakMap<Followed, Link>()
  #server: Peer = { name: "", version: "" }
  #link: Promise<Link>
  /** It was given up: whoever wants something next begins anew. */
  #isDown = false
  #isClosed = false

  constructor(dial: Dial, options: ConnectOptions) {
    this.#dial = dial
    this.#options = options
    this.#link = this.#connected()
  }

  get server(): Peer {
    return this.#server
  }

  async begin(): Promise<void> {
    await this.#link
  }

  async submit(given: Op): Promise<Receipt> {
    const op = repeatable(given)
    // Else an event that this op leads to could fall between a connection that is lost and the next.
    const placed = [...this.#followed].filter((one) => "sessionId" in op && one.sessionId === op.sessionId)
    await Promise.all(placed.map((one) => one.placed))
    const receipt = (await this.#ask("submit", { op })) as unknown as Receipt
    this.#attached.note(op, receipt)
    return receipt
  }

  async ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>> {
    const { answer } = await this.#ask("ask", { query })
    return answer as QueryAnswer<Q>
  }

  /** Begins at once, as in one process: what happens before the first read is not missed. */
  events(subscription: Subscription): AsyncIterable<Event> {
    const over = (use: (link: Link, subscriptionId: string) => void) => {
      const id = [...this.#named].find(([, known]) => known === followed)?.[0]
      if (id !== undefined) this.#link.then((link) => use(link, id), ignore)
    }
    const followed = new Followed(subscription, this.#options.window ?? WINDOW.standard, {
      more: (count) => over((link, subscriptionId) => link.tell("more", { subscriptionId, count })),
      unsubscribe: () => {
        this.#followed.delete(followed)
        over((link, subscriptionId) => void link.ask("unsubscribe", { subscriptionId }).catch(ignore))
      },
    })
    if (this.#isClosed) followed.end({ error: closedHere() })
    else {
      this.#followed.add(followed)
      this.#current().then(
        (link) => this.#subscribe(link, followed),
        (error: unknown) => this.#over(followed, { error }),
      )
    }
    return { [Symbol.asyncIterator]: () => followed }
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const followed of this.#followed) this.#over(followed, {})
    this.#link.then((link) => link.close(), ignore)
  }

  /** Over this connection or, when it is lost, the next. */
  async #ask(method: string, params: object): Promise<Json> {
    for (;;) {
      if (this.#isClosed) throw closedHere()
      const link = await this.#current()
      try {
        return await link.ask(method, params)
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error
        await this.#replaced(link)
      }
    }
  }

  /** Waits for another connection than the one that was lost. */
  async #replaced(lost: Link): Promise<void> {
    while (!this.#isClosed && (await this.#link) === lost) await Promise.resolve()
  }

  #current(): Promise<Link> {
    if (this.#isDown && !this.#isClosed) this.#dialAgain()
    return this.#link
  }

  /** A connection that was greeted, and over which everything goes on. */
  async #connected(): Promise<Link> {
    const link = new Link(await this.#dial(), {
      onNotification: (method, params) => this.#note(method, params),
    })
    const running = link.run()
    // Whoever takes the connection and says nothing would be waited for without end.
    const late = setTimeout(() => link.close(), this.#options.greetingMs ?? GREETING_MS)
    try {
      this.#server = await link.greet(this.#options.client)
    } catch (error) {
      link.close()
      if (error instanceof LinkLost)
        throw new SkeinError("engine.unreachable", "The engine closed the connection, or did not greet in time.")
      throw error
    } finally {
      clearTimeout(late)
    }
    for (const op of this.#attached.ops) link.ask("submit", { op }).catch(ignore)
    for (const followed of this.#followed) void this.#subscribe(link, followed)
    running.then(
      () => this.#lost(),
      () => this.#lost(),
    )
    return link
  }

  #lost(): void {
    if (this.#isClosed) return
    // Names that the next connection may give to others.
    this.#named.clear()
    this.#options.onState?.("lost")
    this.#dialAgain()
  }

  #dialAgain(): void {
    this.#isDown = false
    this.#link = this.#again()
    this.#link.then(
      () => this.#options.onState?.("connected"),
      (error: unknown) => {
        this.#isDown = true
        for (const followed of this.#followed) this.#over(followed, { error })
      },
    )
  }

  async #again(): Promise<Link> {
    const until = performance.now() + (this.#options.reconnectMs ?? RECONNECT_MS)
    for (let pauseMs = PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      try {
        if (this.#options.reconnectMs === 0) throw new SkeinError("engine.unreachable", new LinkLost().message)
        return await this.#connected()
      } catch (error) {
        const mayMend = error instanceof SkeinError && error.code === "engine.unreachable"
        if (!mayMend || this.#isClosed || performance.now() + pauseMs > until) throw error
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
        if (this.#isClosed) throw closedHere()
      }
    }
  }

  async #subscribe(link: Link, followed: Followed): Promise<void> {
    if (followed.isOver || this.#asked.get(followed) === link) return
    this.#asked.set(followed, link)
    const { subscription, window } = followed
    try {
      await link.ask("subscribe", { subscription, window }, ({ subscriptionId, after }) => {
        followed.place(typeof after === "number" ? after : undefined)
        this.#named.set(asText(subscriptionId) ?? "", followed)
        // Returned while it was asked for.
        if (followed.isOver) link.ask("unsubscribe", { subscriptionId }).catch(ignore)
      })
    } catch (error) {
      if (!(error instanceof LinkLost)) this.#over(followed, { error })
    }
  }

  #note(method: string, params: Json): void {
    const id = asText(params.subscriptionId) ?? ""
    const followed = this.#named.get(id)
    if (followed === undefined) return
    if (method === "event") followed.put(params.event as Event)
    else if (method === "ended") {
      this.#named.delete(id)
      const error = asObject(params.error)
      this.#over(followed, error === undefined ? {} : { error: fromRefusal(error) })
    }
  }

  #over(followed: Followed, how: { readonly error?: unknown }): void {
    this.#followed.delete(followed)
    followed.end(how)
  }
}

/** What it would say is said elsewhere: to the subscription, or to whoever asks over the next connection. */
const ignore = (): undefined => undefined

function closedHere(): SkeinError {
  return new SkeinError("engine.unreachable", "The connection to the engine was closed.")
}
