import type { ApprovalId, ClientId, Engine, Event, EventOf, SessionId } from "@skein/protocol"
import { type Drawn, draw } from "./draw.ts"

export interface LinesOptions {
  readonly engine: Engine
  readonly sessionId: SessionId
  readonly clientId: ClientId
  /** What the person types, a line each; ends with end-of-file. */
  readonly input: AsyncIterable<string>
  /** Text as it is, with the newlines it holds. */
  readonly write: (text: string) => void
  /** Each interrupt (Ctrl+C). The returned function stops listening. */
  readonly onInterrupt: (handler: () => void) => () => void
}

const HELP = `Type a prompt and press Enter. While a turn runs, a line you type joins it at its next step.
  /help   this        /status  model, mode, tokens       /stop  interrupt the turn
  /model provider/id  /mode plan|ask|accept-edits|auto|full      /quit  leave; the session is kept
A line that ends in \\ goes on in the next one. Ctrl+C interrupts the turn; without one, it leaves.
`

/** A conversation a line at a time: no cursor is moved, so it works in any terminal, pipe or screen reader. */
export async function runLines(options: LinesOptions): Promise<void> {
  const { engine, sessionId, clientId, write } = options
  const talk = new Conversation(options)
  const events = engine.events({ sessionId })[Symbol.asyncIterator]()
  await engine.submit({ type: "client.attach", sessionId, clientId, answers: ["approval"] })
  const watching = talk.watch(events)
  let leave = () => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  const stopListening = options.onInterrupt(() => (talk.isRunning ? void talk.interrupt() : leave()))
  write("Type a prompt, /help for help.\n")
  talk.prompt()
  await Promise.race([talk.read(), left])
  stopListening()
  await talk.interrupt()
  await engine.submit({ type: "session.close", sessionId })
  await watching
  write(`Kept. Go on with: skein resume ${sessionId}\n`)
}

class Conversation {
  readonly #options: LinesOptions
  readonly #asked: ApprovalId[] = []
  #drawn: Drawn = { isMidLine: false, shownItems: new Set() }
  #isRunning = false
  #held = ""

  constructor(options: LinesOptions) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Reads what is typed until the end of input or /quit. */
  async read(): Promise<void> {
    for await (const line of this.#options.input) {
      if (line.endsWith("\\")) {
        this.#held += `${line.slice(0, -1)}\n`
        continue
      }
      const text = this.#held + line
      this.#held = ""
      if (text.trim() === "/quit" || text.trim() === "/exit") return
      await this.#take(text)
    }
    // Input that was piped in may end before its turn does.
    while (this.#isRunning) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }

  readonly #whenIdle: (() => void)[] = []

  async watch(events: AsyncIterator<Event>): Promise<void> {
    for (let next = await events.next(); !next.done; next = await events.next()) this.#show(next.value)
  }

  async interrupt(): Promise<void> {
    if (!this.#isRunning) return
    await this.#submit({ type: "turn.interrupt", sessionId: this.#options.sessionId })
  }

  prompt(): void {
    if (!this.#isRunning && this.#asked.length === 0) this.#options.write("\n› ")
  }

  async #take(text: string): Promise<void> {
    const [asked] = this.#asked
    if (asked !== undefined) return this.#answer(asked, text.trim())
    if (text.trim() === "") return this.prompt()
    if (text.startsWith("/")) return this.#command(text.trim())
    const { sessionId } = this.#options
    await this.#submit({ type: "turn.submit", sessionId, input: [{ type: "text", text }], delivery: "steer" })
  }

  async #answer(approvalId: ApprovalId, text: string): Promise<void> {
    const { sessionId, write } = this.#options
    const [word = "", ...rest] = text.split(" ")
    const answer = { y: "allow_once", s: "allow_always", n: "reject_once", f: "reject_once" }[word.toLowerCase()]
    if (answer === undefined) {
      write("y once · s this session · n no · f <what to do instead> · Enter alone approves nothing: ")
      return
    }
    this.#asked.shift()
    const feedback = rest.join(" ")
    await this.#submit({
      type: "approval.answer",
      sessionId,
      approvalId,
      answer: answer as "allow_once",
      ...(feedback === "" ? {} : { feedback }),
    })
  }

  async #command(text: string): Promise<void> {
    const { sessionId, engine, write } = this.#options
    const [name = "", ...args] = text.slice(1).split(/\s+/)
    const value = args.join(" ")
    switch (name) {
      case "help":
        write(HELP)
        break
      case "stop":
        await this.interrupt()
        break
      case "status": {
        const { settings, usage, items } = await engine.ask({ type: "session.read", sessionId })
        const tokens = usage.input + usage.cacheRead + usage.cacheWrite + usage.output
        write(`${settings.model} · ${settings.mode} · ${settings.sandbox} · ${items.length} items · ${tokens} tokens\n`)
        break
      }
      case "model":
        await this.#submit({ type: "settings.change", sessionId, changes: { model: value } })
        break
      case "mode":
        await this.#submit({ type: "settings.change", sessionId, changes: { mode: value as "ask" } })
        break
      default:
        write(`There is no /${name}. /help lists what there is.\n`)
    }
    this.prompt()
  }

  async #submit(op: Parameters<Engine["submit"]>[0]): Promise<void> {
    const receipt = await this.#options.engine.submit(op)
    if (receipt.status === "rejected") this.#options.write(`  ${receipt.message}\n`)
  }

  #show(event: Event): void {
    if (event.type === "turn.started") this.#isRunning = true
    if (event.type === "approval.requested") this.#asked.push(event.approvalId)
    if (event.type === "approval.resolved") this.#forget(event)
    const { text, drawn } = draw(event, this.#drawn)
    this.#drawn = drawn
    if (text !== "") this.#options.write(text)
    if (event.type === "turn.ended") {
      this.#isRunning = false
      for (const wake of this.#whenIdle.splice(0)) wake()
      this.prompt()
    }
  }

  #forget(event: EventOf<"approval.resolved">): void {
    const at = this.#asked.indexOf(event.approvalId)
    if (at >= 0) this.#asked.splice(at, 1)
  }
}
