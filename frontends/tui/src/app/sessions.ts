import type { ApprovalId, Closing, Event, SessionId } from "@skein/protocol"
import type { BlockView } from "../view/blocks/view.ts"
import type { Departure } from "./departure.ts"
import { Notifier } from "./notify.ts"
import type { Connected, TuiOptions, TuiSettings } from "./options.ts"
import { Questions } from "./questions.ts"
import { Tab } from "./tab.ts"
import { Tabs } from "./tabs.ts"

/** What the sessions tell whoever shows them. */
export interface SessionsListener {
  /** Something of the session that is seen, or of what is asked, is different. */
  changed(): void
  /** What the person sent was taken up, or waits. */
  taken(): void
  /** Another session is seen. */
  switched(): Promise<void>
  /** A turn of the one that is seen is over. */
  turned(): Promise<void>
  failed(error: unknown): void
  /** Something else has the keys now: a question comes between. */
  readonly hasPanel: boolean
}

/** A session to go on in, or how it is made when its turn comes. */
type Entered = Opened | (() => Promise<Opened>)

interface Opened {
  readonly sessionId: SessionId
  /** Made for this, and perhaps for nothing. */
  readonly isNew: boolean
}

/** The sessions that are open: which is seen, what they ask the person, and when the person is called. */
export class Sessions {
  readonly tabs = new Tabs()
  readonly questions: Questions
  readonly #view: BlockView
  readonly #listener: SessionsListener
  readonly #notifier: Notifier
  #connected: Connected | undefined
  #wish = 0
  #last: Promise<void> = Promise.resolve()

  constructor(options: TuiOptions, view: BlockView, listener: SessionsListener) {
    this.#view = view
    this.#listener = listener
    this.questions = new Questions({ now: options.now, home: options.home })
    this.#notifier = new Notifier("never", ({ title, body }) => options.system.notify(title, body))
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
      const onFailure = (error: unknown) => this.#listener.failed(error)
      const onEvent = (event: Event) => this.#heard(event)
      const tab = await Tab.open({ engine, sessionId, clientId, onEvent, onFailure }, isNew, this.#view)
      const isOver = place === "here" && (await tabs.current?.rests(engine)) !== false
      const before = place === "behind" ? tabs.addBehind(tab) : isOver ? tabs.replace(tab) : tabs.add(tab)
      await before?.leave(engine)
    }
    await this.#seen()
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

  /** Closes the tab that is seen; false when it is the only one. */
  closeTab(): Promise<boolean> {
    this.#wish++
    return this.#inTurn(async () => {
      if (this.tabs.all.length < 2) return false
      const gone = this.tabs.remove()
      await this.#seen()
      await gone?.leave(this.#engine().engine)
      return true
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
    const seen = left[place]
    const isKept = seen?.status === "fulfilled" ? seen.value.isKept : seen !== undefined
    const failed = left.find((one) => one.status === "rejected")
    return { sessionId, isKept, failure: failed?.reason }
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
    this.#notifier.heard(event, this.tabs.titleOf(event.sessionId))
    if (this.link?.sessionId !== event.sessionId) return
    if (event.type === "turn.ended") this.#listener.turned().catch((error: unknown) => this.#listener.failed(error))
    if (TAKEN.has(event.type)) this.#listener.taken()
    else this.#listener.changed()
  }

  /** Of every session that is open; those of another than the one that is seen say which. */
  #follow(): void {
    const pending = this.tabs.all.flatMap((tab, at) => tab.asked(tab === this.tabs.current, at + 1))
    this.questions.follow(pending, this.#listener.hasPanel)
    this.#listener.changed()
  }

  #engine(): Connected {
    if (this.#connected === undefined) throw new Error("A session was entered before there was an engine")
    return this.#connected
  }
}

const TAKEN: ReadonlySet<Event["type"]> = new Set(["turn.started", "input.queued"])
