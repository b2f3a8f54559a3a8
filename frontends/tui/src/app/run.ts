import { fullSurface, type Input, InputDecoder, inlineSurface } from "@skein/term"
import { App, type Canvas } from "./app.ts"
import type { Left, TuiOptions } from "./options.ts"
import { Screen } from "./screen.ts"
import { askedYes } from "./yes.ts"

/** A lone escape is one when nothing follows it for this long. */
const ESCAPE_MS = 30

/**
 * A person at a terminal, until they leave. The first frame is drawn before anything is awaited; the engine is made after it.
 * The terminal is given back as it was, whatever happens.
 */
export async function runTui(options: TuiOptions): Promise<Left> {
  const { terminal, facts, modes } = options
  const write = (bytes: string) => terminal.write(bytes)
  const inline = inlineSurface({ write, size: terminal.size, ...facts })
  const screen: Screen = new Screen({
    inline,
    whole: () => fullSurface({ write, size: terminal.size, ...facts }),
    draw: () => app.draw(),
    isMoving: () => app.isBusy && !app.looks.isStill,
  })
  const app: App = new App(options, canvasOf(options, screen))
  screen.now()
  terminal.useModes(modes)
  terminal.raw()
  listen(options, (inputs) => {
    for (const input of inputs) app.input(input)
    screen.now()
  })
  terminal.onResize((size) => screen.resize(size))
  terminal.onContinue(() => screen.resize(terminal.size))
  terminal.onEnd(() => app.quit())
  terminal.onHangUp(() => app.quit())
  try {
    options.connect(asking(app)).then(
      (connected) => app.arrived(connected).catch((error: unknown) => app.failed(error)),
      (error: unknown) => app.failed(error),
    )
    const left = await app.left
    return { ...left, ...(await leave(app)) }
  } finally {
    screen.close()
    terminal.close()
  }
}

function listen({ terminal }: TuiOptions, take: (inputs: readonly Input[]) => void): void {
  const decoder = new InputDecoder()
  let waiting: ReturnType<typeof setTimeout> | undefined
  terminal.onInput((bytes) => {
    clearTimeout(waiting)
    take(decoder.feed(bytes))
    if (!decoder.hasPending) return
    waiting = setTimeout(() => take(decoder.flush()), ESCAPE_MS)
  })
}

function canvasOf(options: TuiOptions, screen: Screen): Canvas {
  const { terminal } = options
  return {
    get size() {
      return terminal.size
    },
    soon: () => screen.soon(),
    redraw: () => screen.resize(terminal.size),
    suspend: () => {
      screen.rest()
      terminal.suspend()
    },
    async away(act) {
      screen.rest()
      terminal.cooked()
      try {
        return await act()
      } finally {
        terminal.raw()
        screen.resize(terminal.size)
      }
    },
  }
}

function asking(app: App): Parameters<TuiOptions["connect"]>[0] {
  return {
    yes: (question) => askedYes(app, question),
    tell: (text, level) => app.tell(text, level),
  }
}

/** Every session is let go of; the one that was seen last says whether there is something to go on with. */
async function leave(app: App): Promise<Pick<Left, "sessionId" | "isKept">> {
  const { tabs, connected, link } = app
  if (connected === undefined) return { isKept: false }
  let isKept = false
  for (const tab of tabs.all) {
    const left = await tab.leave(connected.engine)
    if (tab.link === link) isKept = left.isKept
  }
  return { sessionId: link?.sessionId, isKept }
}
