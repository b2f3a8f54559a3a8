/** Builds a value on first use and keeps it: what is not needed at start costs nothing there. */
export function lazy<T>(build: () => T): () => T {
  let kept: { value: T } | undefined
  return () => {
    kept ??= { value: build() }
    return kept.value
  }
}
