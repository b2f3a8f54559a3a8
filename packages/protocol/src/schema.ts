import * as z from "zod"

// Before any schema is built: compiled checkers cost more at start than they save on our small objects.
z.config({ jitless: true })

export { z }

/** Builds a value on first use and keeps it: schemas cost start-up time only where they are needed. */
export function lazy<T>(build: () => T): () => T {
  let kept: { value: T } | undefined
  return () => {
    kept ??= { value: build() }
    return kept.value
  }
}
