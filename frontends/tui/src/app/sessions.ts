import type { ApprovalId, Closing, Event, EventOf, Op, SessionId } from "@skein/protocol"
import type { Input } from "@skein/term"
import type { BlockView } from "../view/blocks/view.ts"
import { type Departure, LEAVING_MS_MAX } from "./departure.ts"
import { inTime } from "./in-time.ts"
import type { Interviewed } from "./interviews.ts"
import { Leavings, type LeavingsListener } from "./leavings.ts"
import { Notifier } from "./notify.ts"
import type { Connected, TuiOptions, TuiSettings } from "./options.ts"
import { Questions } from "./questions.ts"
import { Tab } from "./tab.ts"
import { Tabs } from "./tabs.ts"

/** What the sessions tell whoever shows them. */
export interface SessionsListener extends LeavingsListener {
  /** Something of the session that is seen, or of what is asked, is different. */
  changed(): void
  /** What the person sent was taken up, or waits. */
  taken(): void
  /** Another session is seen. */
  switched(): Promise<void>
  /** Something is over in the one that is seen that may have changed its files or its branch, as a turn. */
  turned(): Promise<void>
  failed(error: unknown): void
  /** Something else has the keys now: a question comes between. */
  hasPanel(): boolean
  /** A model asks the person something. */
  interviewed(asked: Interviewed): void
  /** Whatever a call has asked is asked no more. */
  settled(callId: string): void
  /** The composer holds something. */
  isTyping(): boolean
  /** A key for the composer, which a question held back. */
  release(input: Input): void
}

/** A session to go on in, or how it is made when its turn comes. */
type Entered = Opened | (() => Promise<Opened>)

interface Opened {
  readonly sessionId: SessionId
  /** Made for this, and perhaps for nothing. */
  readonly isNew: boolean
}

/** What came of closing a tab. */
type TabClosing =
  | { readonly kind: "closed" }
  | { readonly kind: "only" }
  /** Nothing: what is at work in it would end. */
  | { readonly kind: "at-work"; readonly tab: Tab }

/** The sessions that are open: which is seen, what they ask the person, and when the person is called. */
export class Sessions {
  readonly tabs = new Tabs()
  readonly questions: Questions
  readonly #view: BlockView
  readonly #listener: SessionsListener
  readonly #notifier: Notifier
  readonly #leavingMsMax: number
  readonly #leavings: Leavings
  #connected: Connected | undefined
  #wish = 0
  #last: Promise<void> = Promise.resolve()

  constructor(options: TuiOptions, view: BlockView, listener: SessionsListener) {
    this.#view = view
    this.#listener = listener
    this.#leavingMsMax = options.leavingMsMax ?? LEAVING_MS_MAX
    this.#leavings = new Leavings(listener, this.#leavingMsMax)
    this.questions = new Questions({
      ...{ now: options.now, home: options.home, isTyping: () => listener.isTyping() },
      release: (input) => listener.release(input),
    })
    this.#notifier = new Notifier("never", ({ title, body }) => {
      options.system.notify(title, body).catch((error: unknown) => listener.stumbled(error))
    })
  }

  get connected(): Connected | undefined {
    return this.#connected
  }

  get link(): Tab["link"] | undefined {
    return this.tabs.current?.link
  }

  set isFocused(isFocused: boolean) {
    this.#notifier.isFocused = isFocused
  }

  notify(when: TuiSettings["notifications"]): void {
    this.#notifier.when = when
  }

  async connect(connected: Connected): Promise<void> {
    this.#connected = connected
    await this.enter(connected, "here")
  }

  /** What was wanted last; to be given back with what takes a while to be known. */
  get wish(): number {
    return this.#wish
  }

  /**
   * Goes on in another session: in the place of the one before, but beside it where something still runs or is asked there. Seen
   * only if nobody wanted to see another since `wish`.
   */
  enter(session: Entered, place: "here" | "tab", wish = this.#wish): Promise<void> {
    const isLast = wish === this.#wish++
    return this.#inTurn(async () => {
      const { sessionId, isNew } = typeof session === "function" ? await session() : session
      await this.#enter(sessionId, isNew, isLast ? place : "behind")
    })
  }

  async #enter(sessionId: SessionId, isNew: boolean, place: "here" | "tab" | "behind"): Promise<void> {
    const { tabs } = this
    if (place === "behind" ? !tabs.has(sessionId) : !tabs.goTo(sessionId)) {
      const { engine, clientId } = this.#engine()
      await this.#leavings.over(sessionId)
      const onFailure = (error: unknown) => this.#listener.failed(error)
      const onEvent = (event: Event) => this.#heard(event)
      const tab = await Tab.open({ engine, sessionId, clientId, onEvent, onFailure }, isNew, this.#view)
      const isOver = place === "here" && (await this.#rests(tabs.current))
      const before = place === "behind" ? tabs.addBehind(tab) : isOver ? tabs.replace(tab) : tabs.add(tab)
      this.#letGo(before)
    }
    await this.#seen()
  }

  /** What does not say in time that it rests is taken to be at work: it is stayed beside, and nobody is kept by it. */
  async #rests(tab: Tab | undefined): Promise<boolean> {
    return tab === undefined || inTime(tab.rests(this.#engine().engine), this.#leavingMsMax, false)
  }

  /** False when there is no such tab. */
  go(to: "next" | "previous" | number): Promise<boolean> {
    this.#wish++
    return this.#inTurn(async () => {
      const { all, place } = this.tabs
      const step = to === "next" ? 1 : all.length - 1
      const isThere = this.tabs.go(typeof to === "number" ? to : (place + step) % Math.max(all.length, 1))
      if (isThere) await this.#seen()
      return isThere
    })
  }

  /**
   * Closes the tab that is seen, if it is not the only one and nothing is at work in it; with `given` that one, whatever is at
   * work in it.
   */
  closeTab(given?: Tab): Promise<TabClosing> {
    this.#wish++
    return this.#inTurn(async () => {
      const gone = given ?? this.tabs.current
      if (gone === undefined || this.tabs.all.length < 2) return { kind: "only" }
      if (given === undefined && gone.isAtWork) return { kind: "at-work", tab: gone }
      if (!this.tabs.all.includes(gone)) return { kind: "closed" }
      this.tabs.remove(gone)
      this.#letGo(gone)
      await this.#seen()
      return { kind: "closed" }
    })
  }

  /** An answer was not taken. */
  askAgain(approvalId: ApprovalId): void {
    this.questions.again(approvalId)
    this.#follow()
  }

  /**
   * Lets go of all, whatever one of them does; the first failure is kept. Whether there is something to go on with of the one
   * that was seen last.
   */
  leave(why?: Closing): Promise<Departure> {
    return this.#inTurn(() => this.#leave(why))
  }

  async #leave(why: Closing | undefined): Promise<Departure> {
    const connected = this.#connected
    if (connected === undefined) return { isKept: false }
    const { all, place } = this.tabs
    const sessionId = this.link?.sessionId
    const left = await Promise.allSettled(all.map((tab) => tab.leave(connected.engine, why)))
    await this.#leavings.allOver()
    const seen = left[place]
    const isKept = seen?.status === "fulfilled" ? seen.value.isKept : seen !== undefined
    const failed = left.find((one) => one.status === "rejected")
    return { sessionId, isKept, failure: failed?.reason }
  }

  /** What is seen next does not wait for it. */
  #letGo(tab: Tab | undefined): void {
    if (tab !== undefined) this.#leavings.begin(tab.link.sessionId, tab.leave(this.#engine().engine))
  }

  /** One after the other: each begins where the one before, however it ended, has left the tabs. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act)
    this.#last = done.then(
      () => undefined,
      () => undefined,
    )
    return done
  }

  async #seen(): Promise<void> {
    this.#follow()
    await this.#listener.switched()
  }

  #heard(event: Event): void {
    if (event.type === "approval.requested" || event.type === "approval.resolved") this.#follow()
    if (event.type === "client.requested") this.#interviewed(event)
    if (event.type === "call.settled") this.#listener.settled(event.callId)
    this.#notifier.heard(event, this.tabs.titleOf(event.sessionId))
    if (this.link?.sessionId !== event.sessionId) return
    if (CHANGING.has(event.type)) this.#listener.turned().catch((error: unknown) => this.#listener.failed(error))
    if (TAKEN.has(event.type)) this.#listener.taken()
    else this.#listener.changed()
  }

  #interviewed(event: EventOf<"client.requested">): void {
    const tab = this.tabs.all.find(({ link }) => link.sessionId === event.sessionId)
    if (tab === undefined || event.clientId !== this.#engine().clientId || event.kind !== "question") return
    const from = tab === this.tabs.current ? undefined : tab.title
    const answer = (op: Op<"client.answer">) => {
      tab.link.submit(op).catch((error: unknown) => this.#listener.stumbled(error))
    }
    this.#listener.interviewed({ event, from, answer })
  }

  /** Of every session that is open; those of another than the one that is seen say which. */
  #follow(): void {
    const pending = this.tabs.all.flatMap((tab, at) => tab.asked(tab === this.tabs.current, at + 1))
    this.questions.follow(pending, this.#listener.hasPanel())
    this.#listener.changed()
  }

  #engine(): Connected {
    if (this.#connected === undefined) throw new Error("A session was entered before there was an engine")
    return this.#connected
  }
}

const TAKEN: ReadonlySet<Event["type"]> = new Set(["turn.started", "input.queued"])
const CHANGING: ReadonlySet<Event["type"]> = new Set(["turn.ended", "files.restored", "shell.ended"])
