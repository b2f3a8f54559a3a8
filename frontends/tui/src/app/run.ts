import { Entrance } from "./entrance.ts"
import type { Left, TuiOptions } from "./options.ts"
import { Seat } from "./seat.ts"

/**
 * A person at a terminal, until they leave. The first frame is drawn before anything is awaited, and before what draws the
 * others is loaded; the engine is made after that. The terminal is given back as it was, whatever happens.
 */
export async function runTui(options: TuiOptions): Promise<Left> {
  const entrance = new Entrance(options)
  const seat = new Seat(options, entrance)
  try {
    seat.take()
    seat.screen.now()
    seat.ask()
    const { attend } = await import("./attend.ts")
    return await attend(options, seat, entrance)
  } finally {
    // What cannot be drawn any more keeps the terminal no longer.
    await seat.close().finally(() => options.terminal.close())
  }
}
