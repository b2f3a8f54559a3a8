/** What is used of an `AbortSignal`: this package knows no platform. */
interface StopSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: "abort", listener: () => void, options: { once: boolean }): void
  removeEventListener(type: "abort", listener: () => void): void
}

/** The work's result, or the signal's reason when it aborts first, whoever still works. */
export async function unlessAborted<T>(work: Promise<T> | T, signal: StopSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  if (signal.aborted) stop()
  signal.addEventListener("abort", stop, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener("abort", stop)
  }
}
