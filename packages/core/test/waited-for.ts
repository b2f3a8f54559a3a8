import type { FakeClock } from "@skein/testkit"

/** The milliseconds of the clock that are waited for until it is over; as much passes as has to, and nothing of a busy machine. */
export async function waitedFor(act: Promise<unknown>, clock: FakeClock): Promise<number> {
  const from = clock.now()
  let isOver = false
  const over = act.finally(() => {
    isOver = true
  })
  while (!isOver) {
    for (let turn = 0; turn < TURNS && !isOver; turn++) await Bun.sleep(0)
    if (!isOver && clock.sleeping.length > 0) clock.advance(Math.min(...clock.sleeping))
  }
  await over
  return clock.now() - from
}

/** Of the event loop: what waits for no clock is over by then. */
const TURNS = 10
