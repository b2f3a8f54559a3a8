import type { Frame, Line } from "@skein/term"
import { type ComposerState, isEmpty } from "../composer/state.ts"
import { composerView } from "../composer/view.ts"
import { chordsOf } from "../keys/keymap.ts"
import { blockLines } from "../view/blocks/block-lines.ts"
import type { Look } from "../view/look.ts"
import { cutLine } from "../view/text/line.ts"
import { safeLine } from "../view/text/safe.ts"
import type { Desk } from "./desk.ts"
import { fullFrame } from "./full/full-frame.ts"
import { type FullView, tabFacts } from "./full/full-view.ts"
import { liveFrame } from "./live.ts"
import { type Drawn, stacked } from "./screen.ts"
import { statusLines } from "./status.ts"
import { welcomeLines } from "./welcome.ts"

/** What of the app is to be seen now. What is finished is given until it is printed. */
export function drawApp(app: Desk, look: Look, rows: number): Drawn {
  const { panel } = app.front
  if (app.isOver) return drawOver(app, look, rows)
  if (panel?.extent === "whole") return { extent: "whole", frame: hinting(app, panel.view(look, rows), look) }
  return app.full === undefined
    ? drawInline(app, look, rows)
    : { extent: "whole", frame: drawFull(app, app.full, look, rows) }
}

/** What stays in the terminal, and nothing below it. */
function drawOver(app: Desk, look: Look, rows: number): Drawn {
  return { ...drawInline(app, look, rows), frame: { lines: [] } }
}

/** What was just done is said in the place of the last row, which says what can be done. */
function hinting({ hinted }: Desk, frame: Frame, look: Look): Frame {
  const last = frame.lines.length - 1
  if (hinted === undefined || last < 0 || frame.caret?.row === last) return frame
  return { ...frame, lines: frame.lines.with(last, hintLine(hinted, look)) }
}

function hintLine(text: string, { columns, glyphs }: Look): Line {
  return cutLine([{ text: `  ${text}` }], columns, glyphs.more)
}

function drawInline(app: Desk, look: Look, rows: number): Extract<Drawn, { extent: "inline" }> {
  const early = app.early.flatMap((block) => [[], ...blockLines(block, look, app.view)])
  // A greeting that is left behind tells what everything below it goes by, so nothing is finished before that is known.
  const isKnown = app.welcome === undefined || app.welcome.settings !== undefined
  const tab = isKnown ? app.sessions.tabs.current : undefined
  const flowed = tab?.advance(look, rows, app.asked?.callId)
  const said = isKnown ? [...early, ...(flowed?.finished ?? [])] : []
  const finished = said.length > 0 ? [...greeting(app, look), ...said] : []
  const parts = {
    welcome: said.length > 0 ? [] : greeting(app, look),
    blocks: isKnown ? (flowed?.live ?? []) : early,
    queue: app.link?.facts.queue ?? [],
    outgoing: app.outgoing.words,
    desk: desk(app, look, rows),
    status: status(app, look),
  }
  const printed = () => {
    if (isKnown) app.early = []
    if (said.length > 0) app.welcome = undefined
    tab?.printed()
  }
  return { extent: "inline", finished, frame: liveFrame(parts, look, rows), printed }
}

function drawFull(app: Desk, full: FullView, look: Look, rows: number): Frame {
  const { sessions, link } = app
  const blocks = full.blocks(link)
  const isGreeted = rows >= GREETING_ROWS_MIN && !(full.shows(link) && full.hasPrompt)
  return fullFrame(
    {
      tabs: sessions.tabs.all.map(tabFacts),
      place: sessions.tabs.place,
      tabKeys: tabKeys(app),
      sidebar: full.hasSidebar ? full.sidebar(sessions.tabs) : undefined,
      blocks,
      scroller: full.scroller,
      below: (inner) =>
        liveFrame(
          {
            welcome: isGreeted ? greeting(app, inner) : [],
            blocks: [],
            queue: link?.facts.queue ?? [],
            outgoing: app.outgoing.words,
            desk: desk(app, inner, rows),
            status: status(app, inner),
          },
          inner,
          rows,
        ),
    },
    look,
    rows,
  )
}

/** The shortest name of each: that which every terminal can send. */
function tabKeys({ keymap }: Desk): string {
  return (["tab.previous", "tab.next"] as const)
    .flatMap((action) => chordsOf(keymap, action).toSorted((a, b) => a.length - b.length)[0] ?? [])
    .join(" ")
}

/** Of the whole screen: with less, what is said by skein itself would not be seen for it. */
const GREETING_ROWS_MIN = 20

function greeting({ welcome }: Desk, look: Look): readonly Line[] {
  return welcome === undefined ? [] : welcomeLines(welcome, look)
}

/** The composer, or what has its place: a third of the screen for what is typed, half for what is chosen from. */
function desk(app: Desk, look: Look, rows: number): Frame {
  const { composer, suggestion } = app
  const { panel } = app.front
  if (panel !== undefined) {
    const isQuestion = panel === app.sessions.questions.panel
    const most = isQuestion ? rows : Math.max(Math.floor(rows / 2), PANEL_ROWS_MIN)
    const room = Math.max(Math.min(most, rows) - 1, 1)
    if (!isQuestion || isEmpty(composer) || room < PANEL_ROWS_MIN) return panel.view(look, room)
    return overLine(panel.view(look, room - 2), composer, look)
  }
  const rowsMax = Math.max(Math.floor(rows / 3), 1)
  return composerView(composer, look, { rowsMax, isBusy: app.isBusy, suggestion })
}

/** What is half written stays to be seen below a question: letters that answer nothing go on into it. */
function overLine(question: Frame, composer: ComposerState, look: Look): Frame {
  const isPlain = composer.menu === undefined && composer.search === undefined
  const plain = isPlain ? composer : { ...composer, menu: undefined, search: undefined }
  const line = composerView(plain, look, { rowsMax: 1 })
  const frame = stacked([question, { lines: [[]] }, line])
  return question.caret === undefined ? frame : { ...frame, caret: question.caret }
}

const PANEL_ROWS_MIN = 12

/** A panel says itself which keys it takes. */
function status(app: Desk, look: Look): readonly Line[] {
  if (app.front.panel !== undefined) return app.hinted === undefined ? [] : [hintLine(app.hinted, look)]
  const { link, options, sessions, composer } = app
  const aside = sessions.questions.isAside && isEmpty(composer) ? "A question waits: Enter shows it." : undefined
  return statusLines(
    {
      session: link?.facts,
      calls: link?.transcript.calls ?? [],
      isAnswering: link?.transcript.isAnswering ?? false,
      isThinking: link?.transcript.isThinking ?? false,
      isSearching: link?.transcript.isSearching ?? false,
      turnStartedAt: link?.transcript.turn?.startedAt,
      folder: safeLine(folderName(link?.facts.cwd ?? options.cwd)),
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
