/**
 * Lets other work of the event loop go first, each time `sliceMs` have passed: so that a key is echoed while a hundred
 * thousand files are looked at. Awaiting it in between costs next to nothing.
 */
export function breather(sliceMs = 8): () => Promise<void> | undefined {
  let next = performance.now() + sliceMs
  return () => {
    if (performance.now() < next) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        next = performance.now() + sliceMs
        resolve()
      })
    })
  }
}
