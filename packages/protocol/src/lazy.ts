/** Builds a value on first use and keeps it: what is not needed at start costs nothing there. */
export function lazy<T>(build: () => T): () => T {
  let kept: { value: T } | undefined
  return () => {
    kept ??= { value: build() }
    return kept.value
  }
}

/** The same for one value of each key. */
export function lazyBy<K, T>(build: (key: K) => T): (key: K) => T {
  const kept = new Map<K, T>()
  return (key) => {
    const value = kept.get(key) ?? build(key)
    kept.set(key, value)
    return value
  }
}
