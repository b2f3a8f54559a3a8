import type { Engine } from "@skein/protocol"
import type { Action } from "../../keys/actions.ts"
import { sessionName } from "../../panels/pickers/sessions.ts"
import type { Sidebar } from "../../panels/side/sidebar.ts"
import type { Tab as TabFacts, TabState } from "../../panels/side/tab-bar.ts"
import type { Block } from "../../transcript/block.ts"
import { blocksOf } from "../../transcript/items.ts"
import { countLines } from "../../transcript/turn-sums.ts"
import type { BlockView } from "../../view/blocks/view.ts"
import type { Look } from "../../view/look.ts"
import type { SessionLink } from "../session-link.ts"
import type { Tab } from "../tab.ts"
import type { Tabs } from "../tabs.ts"
import { Scroller } from "./scroller.ts"

/**
 * The whole screen, while it is used: what was said before it was taken is read once; what comes is still open in the
 * transcript, and is printed when the screen is given back.
 */
export class FullView {
  readonly scroller: Scroller
  hasSidebar = false
  readonly #said: readonly Block[]
  readonly #link: SessionLink
  #sessions: Sidebar["sessions"] = []

  static async open(engine: Engine, link: SessionLink, view: BlockView): Promise<FullView> {
    const { items } = await engine.ask({ type: "session.read", sessionId: link.sessionId })
    const full = new FullView(link, blocksOf(items), view)
    await full.refresh(engine)
    return full
  }

  private constructor(link: SessionLink, blocks: readonly Block[], view: BlockView) {
    this.scroller = new Scroller(view)
    const open = new Set(link.transcript.open.map(({ id }) => id))
    this.#link = link
    this.#said = blocks.filter(({ id }) => !open.has(id))
  }

  /** Whether it shows this session; another needs a view of its own. */
  shows(link: SessionLink | undefined): boolean {
    return this.#link === link
  }

  blocks(link: SessionLink | undefined): readonly Block[] {
    return link === this.#link ? [...this.#said, ...this.#link.transcript.open] : []
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
      changed: changedFiles(this.blocks(this.#link)),
      todos: this.#link.facts.todos,
    }
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

/** Newest first. */
function changedFiles(blocks: readonly Block[]): Sidebar["changed"] {
  const files = new Map<string, { path: string; added: number; removed: number }>()
  for (const block of blocks) {
    if (block.kind !== "call") continue
    for (const change of block.changes ?? []) {
      const before = files.get(change.path) ?? { path: change.path, added: 0, removed: 0 }
      const { added, removed } = countLines(change)
      files.delete(change.path)
      files.set(change.path, { path: change.path, added: before.added + added, removed: before.removed + removed })
    }
  }
  return [...files.values()].toReversed()
}
