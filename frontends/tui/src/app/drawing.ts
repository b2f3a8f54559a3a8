import type { Frame, Line } from "@skein/term"
import { isEmpty } from "../composer/state.ts"
import { composerView } from "../composer/view.ts"
import { blockLines } from "../view/blocks/block-lines.ts"
import type { Look } from "../view/look.ts"
import type { App } from "./app.ts"
import { PLAIN } from "./flow.ts"
import { liveFrame } from "./live.ts"
import type { Drawn } from "./screen.ts"
import { statusLines } from "./status.ts"
import { welcomeLines } from "./welcome.ts"

/** What of the app is to be seen now. What is finished is given once. */
export function drawApp(app: App, look: Look, rows: number): Drawn {
  const { panel } = app
  if (panel?.extent === "whole") return { extent: "whole", frame: panel.view(look, rows) }
  const finished: Line[] = []
  const early = app.early.splice(0).flatMap((block) => [[], ...blockLines(block, look, PLAIN)])
  const flowed = app.tab?.advance(look, rows, app.asked?.callId)
  if (early.length > 0 || (flowed?.finished.length ?? 0) > 0) {
    finished.push(...greeting(app, look), ...early, ...(flowed?.finished ?? []))
    app.welcome = undefined
  }
  const frame = liveFrame(
    {
      welcome: greeting(app, look),
      blocks: flowed?.live ?? [],
      queue: app.link?.facts.queue ?? [],
      desk: desk(app, look, rows),
      status: panel === undefined ? status(app, look) : [],
    },
    look,
    rows,
  )
  return { extent: "inline", finished, frame }
}

function greeting({ welcome }: App, look: Look): readonly Line[] {
  return welcome === undefined ? [] : welcomeLines(welcome, look)
}

/** The composer, or what has its place: a third of the screen for what is typed, more for what is asked. */
function desk(app: App, look: Look, rows: number): Frame {
  const { panel, composer } = app
  if (panel !== undefined) return panel.view(look, Math.max(rows - 2, 1))
  const isBusy = app.link?.facts.isRunning === true
  const view = composerView(composer, look, { rowsMax: Math.max(Math.floor(rows / 3), 1), isBusy })
  return view
}

function status(app: App, look: Look): readonly Line[] {
  const { link, options, questions, composer } = app
  const aside = questions.isAside && isEmpty(composer) ? "A question waits: Enter shows it." : undefined
  return statusLines(
    {
      session: link?.facts,
      calls: link?.transcript.calls ?? [],
      turnStartedAt: link?.transcript.turn?.startedAt,
      folder: folderName(link?.facts.cwd ?? options.cwd),
      branch: app.branch,
      hint: app.hinted ?? aside,
      own: app.ownStatus,
      vim: composer.editing.kind === "vim" ? vimWord(composer.editing.vim.mode) : undefined,
    },
    look,
  )
}

function vimWord(mode: string): "insert" | "normal" | "visual" {
  return mode === "insert" || mode === "normal" ? mode : "visual"
}

/** The last part of a path: what a person calls it. */
function folderName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1) || path
}
