import type { PanelName } from "../intent.ts"
import type { Panel } from "../panels/panel.ts"
import { intentsFor } from "./action-intents.ts"
import type { App } from "./app.ts"

/** Opens what is asked for, with what the engine knows of it now. What has to be asked of it is asked when it is opened. */
export async function openPanel(what: PanelName, app: App): Promise<void> {
  const panel = await panelFor(what, app)
  if (panel !== undefined) app.open(panel)
}

async function panelFor(what: PanelName, app: App): Promise<Panel | undefined> {
  const { link, connected, options } = app
  if (link === undefined || connected === undefined) return app.hint("There is no session yet.")
  const { engine } = connected
  const { sessionId, settings, cwd, queue } = link.facts
  const isVim = app.composer.editing.kind === "vim"
  const of = { sessionId, settings, isVim }
  switch (what) {
    case "palette": {
      const [{ palettePanel }, { chordsOf }] = await Promise.all([
        import("../panels/pickers/palette.ts"),
        import("../keys/keymap.ts"),
      ])
      return palettePanel({
        ...of,
        commands: app.commands ?? [],
        intentsFor: (action) => intentsFor(action, link.facts),
        keyOf: (action) => chordsOf(app.keymap, action)[0],
        isRunning: app.isBusy,
        calls: link.transcript.calls,
      })
    }
    case "models":
      return (await import("../panels/pickers/models.ts")).modelPanel(await engine.ask({ type: "models.list" }), of)
    case "modes":
      return (await import("../panels/pickers/settings.ts")).modePanel(of)
    case "efforts":
      return (await import("../panels/pickers/settings.ts")).effortPanel(of)
    case "themes":
      return themes(app, isVim)
    case "sessions": {
      const { sessionPanel } = await import("../panels/pickers/sessions.ts")
      const sessions = await engine.ask({ type: "sessions.list", cwd })
      return sessionPanel({ sessions, current: sessionId, cwd, home: options.home, now: options.now(), isVim })
    }
    case "queue":
      return (await import("../panels/pickers/queue.ts")).queuePanel(queue, isVim)
    case "tree": {
      const { treePanel } = await import("../panels/pickers/tree.ts")
      const tree = await engine.ask({ type: "session.tree", sessionId })
      return treePanel({ sessionId, tree, now: options.now(), isVim })
    }
    default:
      return app.hint(`There is no ${what} here yet.`)
  }
}

async function themes({ looks }: App, isVim: boolean): Promise<Panel> {
  const [{ themePanel }, { THEME_NAMES }] = await Promise.all([
    import("../panels/pickers/choices.ts"),
    import("../view/themes/themes.ts"),
  ])
  return themePanel(
    THEME_NAMES.map((name) => ({ name })),
    looks.themeName,
    isVim,
  )
}
