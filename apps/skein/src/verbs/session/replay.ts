import { BLANK, type Drawn, draw } from "@skein/lines"
import { chooseSession } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { pastEvents } from "../../session/past.ts"
import { interruptible } from "../../session/signals.ts"
import { visible } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein session replay <id>`: its transcript as it happened; with `--speed 1` also as slowly. */
export const run: Run = (call) => withHost(call, (at) => replay(at, Bun.sleep))

/** Nobody watches a night go by. */
const PAUSE_MS_MAX = 3_000

export async function replay(at: Asking, sleep: (ms: number) => Promise<void>): Promise<number> {
  const { call, engine } = at
  const speed = speedOf(call.flags.text("speed"))
  const sessionId = await chooseSession(at, call.words[0])
  if (sessionId === undefined) return 0
  const interrupt = interruptible(call.io)
  try {
    let drawn: Drawn = BLANK
    let before: number | undefined
    for await (const event of pastEvents(engine, sessionId)) {
      if (interrupt.signal.aborted) return interrupt.exitCode
      const next = draw(event, drawn)
      const gapMs = before === undefined ? 0 : event.at - before
      before = event.at
      if (speed !== undefined && gapMs > 0) await sleep(Math.min(gapMs / speed, PAUSE_MS_MAX))
      if (next.text !== "") call.io.text(visible(next.text))
      drawn = next.drawn
    }
    if (drawn.isMidLine) call.io.text("\n")
    return 0
  } finally {
    interrupt.done()
  }
}

/** Undefined is without pauses. Throws UsageError. */
function speedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const speed = Number(text.replace(/x$/, ""))
  if (text.trim() !== "" && Number.isFinite(speed) && speed > 0) return speed
  throw new UsageError(`--speed takes a factor above 0, as 1 or 10, not ${JSON.stringify(text)}.`)
}
