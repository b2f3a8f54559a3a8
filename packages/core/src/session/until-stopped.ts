/**
 * The work's own end, or the signal, whichever comes first: who stops a turn does not wait for what it would have begun with.
 * Rejects as the work does; what it does after the signal nobody hears of.
 */
export async function untilStopped(work: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (work === undefined) return
  const stopped = Promise.withResolvers<void>()
  const stop = () => stopped.resolve()
  signal.addEventListener("abort", stop, { once: true })
  if (signal.aborted) stop()
  try {
    await Promise.race([work, stopped.promise])
  } finally {
    signal.removeEventListener("abort", stop)
  }
}
