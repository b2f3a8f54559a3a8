import type { Engine } from "@skein/protocol"
import type { Action } from "../../keys/actions.ts"
import { sessionName } from "../../panels/pickers/sessions.ts"
import type { Sidebar } from "../../panels/side/sidebar.ts"
import type { Tab as TabFacts, TabState } from "../../panels/side/tab-bar.ts"
import type { Block } from "../../transcript/block.ts"
import { blocksOf } from "../../transcript/items.ts"
import type { BlockView } from "../../view/blocks/view.ts"
import type { Look } from "../../view/look.ts"
import type { SessionLink } from "../session-link.ts"
import type { Tab } from "../tab.ts"
import type { Tabs } from "../tabs.ts"
import { type BlockList, joined } from "./block-list.ts"
import { ChangedFiles } from "./changed-files.ts"
import { Scroller } from "./scroller.ts"

/**
 * The whole screen, while it is used: what was said before it was taken is read once; what comes is held by the
 * transcript, and is printed when the screen is given back.
 */
export class FullView {
  readonly scroller: Scroller
  hasSidebar = false
  readonly #said: readonly Block[]
  readonly #link: SessionLink
  readonly #changed = new ChangedFiles()
  /** How many of what was said before, and of what is held since, are counted. */
  readonly #counted = { said: 0, held: 0 }
  #hasPrompt = false
  #sessions: Sidebar["sessions"] = []

  static async open(engine: Engine, link: SessionLink, view: BlockView): Promise<FullView> {
    const session = await engine.ask({ type: "session.read", sessionId: link.sessionId })
    const full = new FullView(link, blocksOf(session), view)
    await full.refresh(engine)
    return full
  }

  private constructor(link: SessionLink, blocks: readonly Block[], view: BlockView) {
    this.scroller = new Scroller(view)
    const { held, open } = link.transcript
    const known = new Set([...held, ...open].map(({ id }) => id))
    this.#link = link
    this.#said = blocks.filter(({ id }) => !known.has(id))
  }

  /** Whether it shows this session; another needs a view of its own. */
  shows(link: SessionLink | undefined): boolean {
    return this.#link === link
  }

  /** As it is now; it is asked for anew with every frame. */
  blocks(link: SessionLink | undefined): BlockList {
    if (link !== this.#link) return []
    const { transcript } = link
    transcript.hold()
    return joined([this.#said, transcript.held, transcript.open])
  }

  /** The person has said something in it. */
  get hasPrompt(): boolean {
    const { held, open } = this.#link.transcript
    this.#hasPrompt ||= [this.#said, held, open].some((blocks) => blocks.some(({ kind }) => kind === "prompt"))
    return this.#hasPrompt
  }

  scroll(action: Action, link: SessionLink | undefined, look: Look, rows: number): void {
    const blocks = this.blocks(link)
    const room = Math.max(rows - BELOW_ROWS, 1)
    switch (action) {
      case "scroll.top":
        return this.scroller.toTop(blocks, look, room)
      case "scroll.bottom":
        return this.scroller.toEnd()
      case "scroll.up":
      case "scroll.down":
        return this.scroller.scroll(action === "scroll.up" ? -1 : 1, blocks, look, room)
      case "scroll.page-up":
      case "scroll.page-down":
        return this.scroller.scroll((action === "scroll.page-up" ? -1 : 1) * Math.max(room - 2, 1), blocks, look, room)
    }
  }

  /** The sessions of the folder, for the sidebar. */
  async refresh(engine: Engine): Promise<void> {
    const { sessionId, cwd } = this.#link.facts
    const sessions = await engine.ask({ type: "sessions.list", cwd, limit: SIDEBAR_SESSIONS_MAX })
    const begun = sessions.filter(({ title, preview }) => (title ?? preview) !== "")
    this.#sessions = begun.map((session) => ({
      name: sessionName(session),
      state: "idle",
      isCurrent: session.sessionId === sessionId,
    }))
  }

  sidebar(tabs: Tabs): Sidebar {
    const open = tabs.all.map((tab) => ({ ...tabFacts(tab), isCurrent: tab === tabs.current }))
    const others = this.#sessions.filter(({ name, isCurrent }) => !isCurrent && !open.some((tab) => tab.name === name))
    return {
      sessions: [...open, ...others],
      changed: this.#changedFiles(),
      todos: this.#link.facts.todos,
    }
  }

  /** What is final is looked at once, what is open each time: there is little of it. */
  #changedFiles(): Sidebar["changed"] {
    const { held, open } = this.#link.transcript
    for (const block of this.#said.slice(this.#counted.said)) this.#changed.count(block)
    for (const block of held.slice(this.#counted.held)) this.#changed.count(block)
    for (const block of open) this.#changed.count(block)
    this.#counted.said = this.#said.length
    this.#counted.held = held.length
    return this.#changed.all
  }
}

const SIDEBAR_SESSIONS_MAX = 12
/** Composer and status, as they mostly are. */
const BELOW_ROWS = 4

/** A tab as its bar tells it. */
export function tabFacts({ link, title }: Tab): TabFacts {
  const { isRunning, approvals } = link.facts
  const state: TabState = approvals.length > 0 ? "waiting" : isRunning ? "running" : "idle"
  return { name: title, state }
}
