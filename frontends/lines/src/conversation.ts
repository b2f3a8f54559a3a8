import {
  type ApprovalId,
  type CommandLine,
  commandLine,
  type Event,
  type EventOf,
  type Op,
  type SessionId,
  visible,
} from "@skein/protocol"
import { ANSWER_KEYS } from "./answer-keys.ts"
import { answered, type Commanded, command, type Waiting } from "./commands.ts"
import { CUT, isCut } from "./cut-line.ts"
import { BLANK, type Drawn, draw } from "./draw.ts"
import { Interviews } from "./interviews.ts"
import type { Line } from "./line.ts"
import { answerKeys, wholeText } from "./question.ts"
import { READING_MS } from "./reading.ts"
import { RunningShells, type ShellLine, shellLine } from "./shell-line.ts"

type Asked = EventOf<"approval.requested">

const WAITS = "  (what you typed meanwhile waits, and joins your next prompt)"
/** Answers nothing: it shows what the question left out. */
const WHOLE_KEY = "v"
/** Ctrl+L asks a terminal to be cleared. A terminal that gives whole lines hands it on within one. */
const CTRL_L = "\f"

/** Goes on in another session: `begin` is called between the last event of the one and the first of the other. */
export type Move = (sessionId: SessionId, isNew: boolean, begin: () => void) => Promise<void>

/** Lines in, text out: which line is a prompt, an answer or a command, and what each event adds to the screen. */
export class Conversation {
  readonly #options: Line
  readonly #move: Move
  readonly #asked: Asked[] = []
  readonly #whenIdle: (() => void)[] = []
  #sessionId: SessionId
  /** What a command asked, when one did. */
  #question: Waiting | undefined
  /** What the model asks the person. */
  readonly #interviews: Interviews
  #drawn: Drawn = BLANK
  #isRunning = false
  #isCommanding = false
  #held = ""
  /** When the newest question was shown. */
  #askedAt = Number.NEGATIVE_INFINITY
  /** An approval came while something else was asked: what is typed next may be meant for that. */
  #isInterposed = false
  /** The person's own commands that run. */
  readonly #shells = new RunningShells()
  /** What was said before is drawn. */
  readonly #caughtUp = Promise.withResolvers<void>()
  /** Lines that joined no step yet. */
  #waiting = 0

  constructor(options: Line, move: Move) {
    this.#options = options
    this.#move = move
    this.#sessionId = options.sessionId
    this.#interviews = new Interviews({
      ...{ isEchoing: options.isEchoing, now: options.now, isHeld: () => this.#asked.length > 0 },
      ...{ say: (text: string) => this.say(text), submit: (op: Op) => this.#submit(op) },
    })
  }

  get sessionId(): SessionId {
    return this.#sessionId
  }

  /** Whether there is something to interrupt: a turn, or a command under way. */
  get isRunning(): boolean {
    return this.#isBusy || this.#isCommanding
  }

  get #isBusy(): boolean {
    return this.#isRunning || this.#shells.isAny
  }

  /** Reads what is typed until the end of input or /quit. */
  async read(): Promise<void> {
    const { first } = this.#options
    if (first !== undefined) {
      await this.#caughtUp.promise
      this.#write(`${first}\n`, false)
      await this.#take(first)
    }
    for await (const typed of this.#options.input) {
      const line = this.#options.isEchoing ? typed.replaceAll(CTRL_L, "") : typed
      if (this.#options.isEchoing) this.#drawn = { ...this.#drawn, isMidLine: false }
      if (this.#options.isEchoing && isCut(line)) {
        this.#held = ""
        this.hint(CUT)
        continue
      }
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
    while (this.#isBusy) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }

  async watch(events: AsyncIterator<Event>): Promise<void> {
    for (let next = await events.next(); !next.done; next = await events.next()) this.#show(next.value)
  }

  async interrupt(): Promise<void> {
    if (!this.isRunning) return
    await this.#submit({ type: "turn.interrupt", sessionId: this.#sessionId })
  }

  /** A line of our own. */
  say(text: string): void {
    this.#write(`${this.#drawn.isMidLine ? "\n" : ""}${text}\n`, false)
  }

  /** The same, and the prompt again. */
  hint(text: string): void {
    this.say(text)
    this.#prompt()
  }

  #prompt(): void {
    // What happened before is drawn first.
    if (this.#isBusy || this.#asked.length > 0 || this.#drawn.isPast) return
    this.#write(`${this.#drawn.isMidLine ? "\n" : ""}\n› `, true)
  }

  #write(text: string, isMidLine: boolean): void {
    this.#drawn = { ...this.#drawn, isMidLine }
    this.#options.write(visible(text))
  }

  async #take(text: string): Promise<void> {
    const [asked] = this.#asked
    if (asked !== undefined) return this.#answer(asked, text.trim())
    if (this.#interviews.isAny && !text.startsWith("/")) return this.#interviews.take(text, this.#sessionId)
    const question = this.#question
    const line: CommandLine | undefined = text.startsWith("/") ? commandLine(text) : undefined
    if (question !== undefined && line === undefined) {
      return this.#commanded((at) => answered(question, text.trim(), at))
    }
    if (text.trim() === "") return this.#prompt()
    // Another command leaves what an earlier one asked.
    if (line !== undefined) return this.#commanded((at) => command(line, at))
    const sessionId = this.#sessionId
    const shell = this.#options.isEchoing ? shellLine(text) : undefined
    if (shell !== undefined) {
      return this.#run(sessionId, shell)
    }
    const isSteering = this.#isRunning
    const input = [{ type: "text", text }] as const
    const isTaken = await this.#submit({ type: "turn.submit", sessionId, input: [...input], delivery: "steer" })
    if (!isTaken) this.#prompt()
    else if (isSteering && this.#isRunning) this.say("  (joins at the next step)")
  }

  /** From Enter on it can be stopped. */
  async #run(sessionId: SessionId, shell: ShellLine): Promise<void> {
    this.#shells.begin()
    if (await this.#submit({ type: "shell.run", sessionId, ...shell })) return
    this.#shells.giveUp()
    this.#prompt()
  }

  /** Enter alone approves nothing, and neither does anything but the keys that were shown. */
  async #answer(asked: Asked, text: string): Promise<void> {
    if (text.toLowerCase() === WHOLE_KEY) return this.#showWhole(asked)
    const [word = "", ...rest] = text.split(" ")
    const key = ANSWER_KEYS[word.toLowerCase()]
    const isRefusing = key?.answer === "reject_once"
    const isOffered = key !== undefined && (isRefusing || asked.options.includes(key.answer))
    const isTooSoon = this.#options.isEchoing && this.#options.now() - this.#askedAt < READING_MS
    // A prompt that was on its way when the question came may begin with any letter: a yes stands alone. So may an answer
    // to what was asked before it: that one is let go, and the first yes after it counts for neither.
    const isMeant = isRefusing || (!isTooSoon && !this.#isInterposed && rest.length === 0)
    this.#isInterposed = false
    if (key === undefined || !isOffered || !isMeant) return this.#write(answerKeys(asked), true)
    const { approvalId } = asked
    const feedback = rest.join(" ")
    const said = feedback === "" ? {} : { feedback }
    const isTaken = await this.#submit({
      ...{ type: "approval.answer", sessionId: this.#sessionId, approvalId, answer: key.answer },
      ...(key.scope === undefined ? {} : { scope: key.scope }),
      ...said,
    })
    if (isTaken) this.#forget(approvalId)
    // A rule that could not be kept answered nothing.
    else if (this.#asked[0] === asked) this.#write(answerKeys(asked), true)
  }

  /** What is read now was not read before: the time to read begins anew. */
  #showWhole(asked: Asked): void {
    this.#askedAt = this.#options.now()
    this.#write(wholeText(asked), true)
  }

  async #commanded(run: (at: Commanded) => Promise<Waiting | undefined>): Promise<void> {
    const { engine } = this.#options
    this.#question = undefined
    this.#isCommanding = true
    try {
      this.#question = await run({
        engine,
        sessionId: this.#sessionId,
        say: (text) => this.say(text),
        open: (sessionId, isNew) => this.#open(sessionId, isNew),
        columns: () => this.#options.columns(),
      })
    } finally {
      this.#isCommanding = false
    }
    this.#interviews.show()
    this.#prompt()
  }

  async #open(sessionId: SessionId, isNew: boolean): Promise<void> {
    if (sessionId === this.#sessionId) return this.say("That is this session.")
    await this.#move(sessionId, isNew, () => {
      this.#sessionId = sessionId
      this.#drawn = { ...BLANK, isMidLine: this.#drawn.isMidLine }
      this.#asked.length = 0
      this.#interviews.clear()
      this.#shells.clear()
      this.#isRunning = false
      this.#waiting = 0
    })
  }

  async #submit(op: Op): Promise<boolean> {
    const receipt = await this.#options.engine.submit(op)
    if (receipt.status === "rejected") this.say(`  ${receipt.message}`)
    return receipt.status === "accepted"
  }

  #show(event: Event): void {
    if (event.type === "turn.started") this.#isRunning = true
    this.#shells.see(event)
    if (event.type === "queue.changed") this.#waiting = event.queue.length
    if (event.type === "approval.requested") {
      this.#asked.push(event)
      if (this.#asked.length > 1) return this.#askLater(event)
      this.#isInterposed ||= this.#question !== undefined || this.#isCommanding
      this.#question = undefined
      this.#askedAt = this.#options.now()
    }
    if (event.type === "client.requested" && event.clientId === this.#options.clientId) this.#interviews.add(event)
    if (event.type === "call.settled") this.#interviews.over(event.callId)
    if (event.type === "approval.resolved") this.#forget(event.approvalId)
    this.#draw(event)
    // What waited for an answer before waits still.
    if (event.type === "session.snapshot") this.#askNext()
    if (event.type === "turn.ended") {
      this.#isRunning = false
      if (this.#waiting > 0 && event.outcome.kind !== "completed") this.say(WAITS)
    }
    if (!this.#isBusy) for (const wake of this.#whenIdle.splice(0)) wake()
    // A command prompts when it is over.
    const isNews =
      (event.type === "session.snapshot" || event.type === "notice.posted" || event.type === "process.exited") &&
      !this.#isCommanding
    const isReady = isNews || event.type === "turn.ended" || event.type === "shell.ended"
    if (isReady) this.#prompt()
    if (event.type === "session.snapshot") this.#caughtUp.resolve()
  }

  #draw(event: Event): void {
    const { text, drawn } = draw(event, this.#drawn)
    this.#drawn = drawn
    // Whoever made the event: an engine elsewhere may not be ours.
    if (text !== "") this.#options.write(visible(text))
  }

  #forget(approvalId: ApprovalId): void {
    const at = this.#asked.findIndex((asked) => asked.approvalId === approvalId)
    if (at >= 0) this.#asked.splice(at, 1)
    if (at === 0) this.#askNext()
    if (at >= 0 && this.#asked.length === 0) this.#interviews.show()
  }

  /** One question at a time: an answer is about the one that is on the screen, and no other. */
  #askLater(event: Asked): void {
    const { isPast } = this.#drawn
    this.#drawn = { ...draw(event, { ...this.#drawn, isPast: true }).drawn, isPast }
  }

  #askNext(): void {
    const [next] = this.#asked
    if (next === undefined || this.#drawn.isPast) return
    this.#askedAt = this.#options.now()
    this.#draw(next)
  }
}
