import type { Engine } from "@skein/protocol"
import type { PanelName } from "../intent.ts"
import type { Panel } from "../panels/panel.ts"
import type { ToolRow } from "../panels/rows/tools.ts"
import { blockerOf } from "./acting.ts"
import type { Desk } from "./desk.ts"
import type { SessionFacts } from "./session-facts.ts"

/** What a panel is opened with. */
interface At {
  readonly app: Desk
  readonly engine: Engine
  readonly session: SessionFacts
  readonly isVim: boolean
}

/** Opens what is asked for, with what the engine knows of it now. What has to be asked of it is asked when it is opened. */
export async function openPanel(what: PanelName, app: Desk): Promise<void> {
  const { link, connected, composer } = app
  if (link === undefined || connected === undefined) return app.hint("There is no session yet.")
  const at = { app, engine: connected.engine, session: link.facts, isVim: composer.editing.kind === "vim" }
  const wished = await app.front.wished(what, () => OPENERS[what](at))
  if (wished !== undefined) openWanted(wished.made, wished.isWanted, app)
}

/** What was ready too late is not missed without a word. */
export function openWanted(panel: Panel, isWanted: boolean, app: Desk): void {
  if (isWanted) app.front.open(panel)
  else app.hint("Not opened: it was ready only after you had gone on, or were asked.")
}

/** None of them is loaded before it is opened. */
const OPENERS: Readonly<Record<PanelName, (at: At) => Promise<Panel>>> = {
  async palette({ app, session, isVim }) {
    const [{ palettePanel }, { chordsOf }] = await Promise.all([
      import("../panels/pickers/palette.ts"),
      import("../keys/keymap.ts"),
    ])
    return palettePanel({
      ...{ sessionId: session.sessionId, settings: session.settings, isVim },
      commands: app.commands ?? [],
      blockerOf: (action) => blockerOf(action, app),
      keyOf: (action) => chordsOf(app.keymap, action)[0],
      isRunning: app.isBusy,
      calls: app.link?.transcript.calls ?? [],
    })
  },
  async models({ engine, session, isVim }) {
    const { modelPanel } = await import("../panels/pickers/models.ts")
    const { sessionId, settings } = session
    return modelPanel(await engine.ask({ type: "models.list", asksServers: true }), { sessionId, settings, isVim })
  },
  async modes({ session: { sessionId, settings }, isVim }) {
    return (await import("../panels/pickers/settings.ts")).modePanel({ sessionId, settings, isVim })
  },
  async efforts({ session: { sessionId, settings }, isVim }) {
    return (await import("../panels/pickers/settings.ts")).effortPanel({ sessionId, settings, isVim })
  },
  async verbosities({ session: { sessionId, settings }, isVim }) {
    return (await import("../panels/pickers/settings.ts")).verbosityPanel({ sessionId, settings, isVim })
  },
  async searches({ session: { sessionId, settings }, isVim }) {
    return (await import("../panels/pickers/settings.ts")).webSearchPanel({ sessionId, settings, isVim })
  },
  async themes({ app, isVim }) {
    const [{ themePanel }, { THEME_NAMES }] = await Promise.all([
      import("../panels/pickers/choices.ts"),
      import("../view/themes/themes.ts"),
    ])
    return themePanel(
      THEME_NAMES.map((name) => ({ name })),
      app.looks.themeName,
      isVim,
    )
  },
  async sessions({ app, engine, session: { sessionId, cwd }, isVim }) {
    const { home, now } = app.options
    const { sessionPanel } = await import("../panels/pickers/sessions.ts")
    const sessions = await engine.ask({ type: "sessions.list", cwd })
    const open = app.sessions.tabs.all.map(({ link }) => link.sessionId)
    return sessionPanel({ sessions, current: sessionId, open, cwd, home, now: now(), isVim })
  },
  async history({ app, engine, session: { cwd }, isVim }) {
    const { historyPanel } = await import("../panels/pickers/history.ts")
    const prompts = await engine.ask({ type: "prompts.list", cwd, limit: PROMPTS_MAX })
    return historyPanel(prompts, app.options.now(), isVim)
  },
  async queue({ session, isVim }) {
    return (await import("../panels/pickers/queue.ts")).queuePanel(session.queue, isVim)
  },
  async tree({ app, engine, session: { sessionId }, isVim }) {
    const { treePanel } = await import("../panels/pickers/tree.ts")
    const tree = await engine.ask({ type: "session.tree", sessionId })
    return treePanel({ sessionId, tree, now: app.options.now(), isVim })
  },
  async help({ app }) {
    const [{ helpPanel }, { keyHelp }] = await Promise.all([
      import("../panels/pages/help.ts"),
      import("../keys/help.ts"),
    ])
    return helpPanel(keyHelp(app.keymap, app.composer.editing.kind))
  },
  async context(at) {
    const { contextPanel } = await import("../panels/pages/context.ts")
    const { engine, session } = at
    return contextPanel(await followed(at, () => engine.ask({ type: "context.report", sessionId: session.sessionId })))
  },
  async cost(at) {
    const { costPanel } = await import("../panels/pages/cost.ts")
    const { engine, session } = at
    return costPanel(await followed(at, () => engine.ask({ type: "usage.report", sessionId: session.sessionId })))
  },
  async plan({ app: { link }, session }) {
    const [{ planPanel }, { markdownLines }] = await Promise.all([
      import("../panels/pages/todos.ts"),
      import("../view/markdown/markdown.ts"),
    ])
    return planPanel(() => {
      const { goal, plan, todos } = link?.facts ?? session
      return { goal, plan, todos, drawMarkdown: (text, look) => markdownLines(text, look) }
    })
  },
  async viewer({ app }) {
    return (await import("./viewing.ts")).openViewer(app)
  },
  async call({ app }) {
    return (await import("./viewing.ts")).openViewer(app, "call")
  },
  async files({ app, session: { cwd } }) {
    return (await import("./file-source.ts")).openFiles(app, cwd)
  },
  async review({ engine, session: { sessionId, cwd } }) {
    return (await import("./review.ts")).reviewOf(engine, sessionId, { folder: cwd })
  },
  agents: (at) => openAgents(at),
  async tools({ app, session: { sessionId } }) {
    const [{ toolsPanel }, { newestLine }] = await Promise.all([
      import("../panels/rows/tools.ts"),
      import("./processes.ts"),
    ])
    const { link } = app
    return toolsPanel(() => {
      const now = app.options.now()
      const calls = link?.transcript.calls ?? []
      const behind = (link?.processes.all ?? []).map((process): ToolRow => {
        const { processId, callId, name, command, isPty, startedAt, bytes, tail } = process
        const state = isPty ? "terminal" : "background"
        const preview = newestLine(tail)
        return { processId, callId, sessionId, name, title: command, state, elapsedMs: now - startedAt, bytes, preview }
      })
      const inFront = calls.map(({ callId, name, title, startedAt = now, bytes, preview }) => ({
        ...{ callId, sessionId, name, title, bytes },
        state: "foreground",
        elapsedMs: now - startedAt,
        preview: preview?.trimEnd().split("\n").at(-1),
      })) satisfies readonly ToolRow[]
      return [...inFront, ...behind]
    })
  },
}

/** The children of the session, asked for anew whenever something is heard of one and they are still looked at. */
async function openAgents({ app, engine, session }: At): Promise<Panel> {
  const [{ agentsPanel, agentsOf }, { following }] = await Promise.all([
    import("../panels/rows/agents.ts"),
    import("./following.ts"),
  ])
  const { sessionId } = session
  const ask = () => engine.ask({ type: "agents.list", sessionId })
  const { link } = app
  const facts = () => link?.facts ?? session
  const agents = following(await ask(), {
    ask,
    mark: () => facts().agentsHeard,
    arrived: () => app.canvas.soon(),
    failed: (error) => app.stumbled(error),
  })
  return agentsPanel(() => agentsOf(agents(), { sessionId, title: facts().title, now: app.options.now() }))
}

/** What the engine reckons of the session, reckoned anew when a step of it is over and it is still looked at. */
async function followed<T>({ app, session }: At, ask: () => Promise<T>): Promise<() => T> {
  const { link } = app
  const [first, { following }] = await Promise.all([ask(), import("./following.ts")])
  return following(first, {
    ask,
    mark: () => (link?.facts ?? session).usage,
    arrived: () => app.canvas.soon(),
    failed: (error) => app.stumbled(error),
  })
}

const PROMPTS_MAX = 500
