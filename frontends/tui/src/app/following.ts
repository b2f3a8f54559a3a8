/** Something that can be asked, and changes. */
export interface Followed<T> {
  /** The same for as long as what was answered still holds. */
  readonly mark: () => unknown
  readonly ask: () => Promise<T>
  /** There is another answer. */
  readonly arrived: () => void
  readonly failed: (error: unknown) => void
}

/** The newest answer, asked again when it is looked at and does not hold any more; never twice at once. */
export function following<T>(first: T, { mark, ask, arrived, failed }: Followed<T>): () => T {
  let answer = first
  let seen = mark()
  let isAsking = false
  const again = async () => {
    isAsking = true
    seen = mark()
    try {
      answer = await ask()
    } finally {
      isAsking = false
    }
    arrived()
  }
  return () => {
    if (!isAsking && mark() !== seen) again().catch(failed)
    return answer
  }
}
