import type { Input } from "@skein/term"
import { App } from "./app.ts"
import { departed, LEAVING_MS_MAX } from "./departure.ts"
import type { Entrance } from "./entrance.ts"
import { glancedAt } from "./greeting.ts"
import type { Glance, Left, TuiOptions } from "./options.ts"
import type { Seat } from "./seat.ts"
import { unsentOf } from "./unsent.ts"

/** All that follows the first frame, until the person leaves. */
export async function attend(options: TuiOptions, seat: Seat, entrance: Entrance): Promise<Left> {
  const { terminal } = options
  const app = new App(options, {
    get size() {
      return terminal.size
    },
    soon: () => seat.screen.soon(),
    now: () => seat.screen.now(),
    redraw: () => seat.redraw(),
    suspend: () => seat.suspend(),
    away: (act) => seat.away(act),
  })
  const urged = Promise.withResolvers<void>()
  let isLeaving = false
  const asked = (by: Left["by"]) => (isLeaving ? urged.resolve() : app.quit(by))
  terminal.onEnd(asked)
  terminal.onHangUp(() => asked("SIGHUP"))
  entrance.leadTo({
    draw: () => app.draw(),
    take: (inputs) => {
      for (const input of inputs) {
        if (!isLeaving) app.input(input)
        else if (isUrging(input)) urged.resolve()
      }
    },
    reread: () => app.reread(),
    learned: (facts) => {
      options.onFacts?.(facts)
      app.looks.learned(facts.isLight)
    },
    isMoving: () => app.isMoving,
  })
  seat.screen.now()
  try {
    setTimeout(() => void begin(options, app), FIRST_KEYS_MS)
    const left = await app.left
    isLeaving = true
    const unsent = unsentOf(app)
    const departure = await departed(app.sessions.leave(WHY[left.by]), urged.promise, LEAVING_MS_MAX)
    const sessionId = departure.sessionId ?? app.link?.sessionId
    const failure = left.failure ?? departure.failure
    over(app, seat)
    return { ...left, ...departure, sessionId, failure, unsent, metrics: seat.metrics }
  } finally {
    keepEarly(app, seat)
  }
}

/** Whoever leaves by a key has asked for it. */
const WHY = { person: undefined, SIGINT: undefined, SIGTERM: "terminated", SIGHUP: "hang_up" } as const

function isUrging(input: Input): boolean {
  return input.kind === "key" && (input.chord === "ctrl+c" || input.chord === "ctrl+d")
}

/** The whole screen goes with all that was on it: how the conversation ended stays to be read. */
function over(app: App, { screen }: Seat): void {
  const { full, panel, sessions, canvas } = app
  if (full === undefined && panel?.extent !== "whole") return
  app.isOver = true
  app.full = undefined
  if (full !== undefined) {
    app.welcome = undefined
    sessions.tabs.current?.part(app.look(), canvas.size.rows)
  }
  screen.now()
}

/** What was said before it came to a session stays to be read. */
function keepEarly(app: App, { screen }: Seat): void {
  if (app.early.length === 0) return
  app.welcome = undefined
  screen.now()
}

/** Making an engine keeps the process busy for longer than a key may take: the first ones are read before. */
const FIRST_KEYS_MS = 20

/** Where nothing is to be told or asked, the engine waits for whoever wants something of it. */
async function begin({ glance, prompt }: TuiOptions, app: App): Promise<void> {
  try {
    if (prompt !== undefined) app.do({ type: "submit", input: prompt, delivery: "steer" })
    const glanced = prompt === undefined ? await glance?.() : undefined
    if (glanced === undefined || !isEnough(glanced)) app.wake()
    else {
      follow(glanced, app)
      await glancedAt(glanced, app)
    }
  } catch (error) {
    app.failed(error)
  }
}

function follow(glanced: Glance, app: App): void {
  glanced.follow?.({
    onChange(settings) {
      app.use(settings)
      if (!isEnough({ settings })) app.wake()
    },
    tell: (sentence) => app.tell(sentence, "warning"),
  })
}

/** In vim's normal mode letters are no words, and the person's own status line tells of a session. */
function isEnough({ settings: { editing, statusCommand } }: Pick<Glance, "settings">): boolean {
  return editing === "emacs" && statusCommand === undefined
}
