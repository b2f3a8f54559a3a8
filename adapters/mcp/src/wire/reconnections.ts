const DELAY_MS_MIN = 50
const DELAY_MS_MAX = 60_000
const WINDOW_MS = 60_000
const IN_WINDOW_MAX = 30

/**
 * When a stream is taken up again: after what the server asks for, within reason. One that closes its stream over and
 * over is asked less and less often.
 */
export function reconnections(now: () => number): (reconnect: () => void, delayMs: number) => () => void {
  let taken: number[] = []
  return (reconnect, delayMs) => {
    const at = now()
    taken = [...taken.filter((one) => one > at - WINDOW_MS), at]
    const wanted = taken.length > IN_WINDOW_MAX ? DELAY_MS_MAX : Math.min(Math.max(delayMs, DELAY_MS_MIN), DELAY_MS_MAX)
    const timer = setTimeout(reconnect, wanted)
    return () => clearTimeout(timer)
  }
}
