/** How long a command may take; what it waits for while a person thinks does not count, within a bound. */
export interface TimeLimit {
  /** Begins to count. Resolves when the time is over; never, when `end` is called before. */
  begin(): Promise<void>
  /** Nothing counts until this is settled, unless the pauses are used up. */
  pauseFor<T>(waiting: Promise<T>): Promise<T>
  end(): void
}

/** `pausesMsMax`: of all pauses together, so that a command cannot keep itself alive by asking. */
export function timeLimit(timeoutMs: number, pausesMsMax: number): TimeLimit {
  const over = Promise.withResolvers<void>()
  let leftMs = timeoutMs
  let pausesLeftMs = pausesMsMax
  let waiting = 0
  let state: "idle" | "counting" | "paused" = "idle"
  let since = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const count = () => {
    state = "counting"
    since = performance.now()
    timer = setTimeout(over.resolve, leftMs)
  }
  const pause = () => {
    clearTimeout(timer)
    leftMs = Math.max(0, leftMs - (performance.now() - since))
    state = "paused"
    since = performance.now()
    timer = setTimeout(goOn, pausesLeftMs)
  }
  const goOn = () => {
    clearTimeout(timer)
    pausesLeftMs = Math.max(0, pausesLeftMs - (performance.now() - since))
    count()
  }
  return {
    begin() {
      count()
      return over.promise
    },
    async pauseFor(work) {
      waiting++
      if (state === "counting" && pausesLeftMs > 0) pause()
      try {
        return await work
      } finally {
        waiting--
        if (state === "paused" && waiting === 0) goOn()
      }
    },
    end() {
      clearTimeout(timer)
      state = "idle"
    },
  }
}
