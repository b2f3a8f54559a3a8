import { MODES, type Mode } from "@skein/protocol"
import type { Intent, PanelName } from "../intent.ts"
import type { Action } from "../keys/actions.ts"
import type { SessionFacts } from "./session-facts.ts"

/** What an action of a key means now. What the composer does with keys itself does not come here. */
export function intentsFor(action: Action, session: SessionFacts | undefined, isFull = false): readonly Intent[] {
  const panel = PANEL_OF[action]
  if (panel !== undefined) return [{ type: "open", what: panel }]
  switch (action) {
    case "mode.next":
      return session === undefined ? [] : [nextMode(session)]
    case "complete":
      return session === undefined ? [] : [nextTier(session)]
    case "session.new":
      return [{ type: "session.new", place: "here" }]
    case "tab.new":
      return [{ type: "session.new", place: "tab" }]
    case "tab.next":
      return [{ type: "tab", to: "next" }]
    case "tab.previous":
      return [{ type: "tab", to: "previous" }]
    case "paste.image":
      return [{ type: "image.paste" }]
    case "suspend":
      return [{ type: "suspend" }]
    case "redraw":
      return [{ type: "redraw" }]
    case "screen":
      return [{ type: "screen", screen: isFull ? "inline" : "full" }]
    // Nothing of it is there: the engine says so.
    case "swarm":
      return [{ type: "command", line: "/agents" }]
    case "connect":
      return [{ type: "command", line: "/connect" }]
    default:
      return []
  }
}

const PANEL_OF: Readonly<Partial<Record<Action, PanelName>>> = {
  palette: "palette",
  help: "help",
  models: "models",
  theme: "themes",
  viewer: "viewer",
  expand: "viewer",
  review: "review",
  files: "files",
  tools: "tools",
}

/** The strong model, or the fast and cheap one. */
function nextTier({ sessionId, settings }: SessionFacts): Intent {
  const tier = settings.tier === "rush" ? "smart" : "rush"
  return { type: "op", op: { type: "settings.change", sessionId, changes: { tier } }, done: `${tier}` }
}

/** Plan, ask, accept-edits, auto and round again; `full` is never reached by a key that is pressed once too often. */
function nextMode({ sessionId, settings }: SessionFacts): Intent {
  const modes = MODES.filter((mode): mode is Mode => mode !== "full")
  const mode = modes[(modes.indexOf(settings.mode) + 1) % modes.length] ?? "ask"
  return { type: "op", op: { type: "settings.change", sessionId, changes: { mode } } }
}
