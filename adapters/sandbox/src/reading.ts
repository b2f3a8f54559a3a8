/** Reads a pipe to its end, as it comes. */
export function readAll(fd: number, take: (bytes: Uint8Array) => Promise<void>) {
  const reader = Bun.file(fd).stream().getReader()
  let isAtEnd = false
  const done = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) await take(next.value)
    isAtEnd = true
  })()
  // Whoever waits for the end hears of it; a failure before anybody waits must not end the program.
  done.catch(() => undefined)
  return {
    done,
    /** Whether everything was read in that time, as far as it goes. */
    within: (ms: number) => settlesWithin(done, ms),
    /** Lets go of a pipe that somebody else still holds. */
    async stop(): Promise<void> {
      if (!isAtEnd) await reader.cancel()
      await done
    },
  }
}

export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<false>()
  const timer = setTimeout(() => late.resolve(false), ms)
  return Promise.race([promise.then(() => true as const), late.promise]).finally(() => clearTimeout(timer))
}
