import type { ServerUser } from "./live-server.ts"

/** Who uses a server just now, and whether a person is being asked for one of them. */
export interface Users {
  /** Gives what ends the use. */
  add(user: ServerUser): () => void
  readonly count: number
  newest(has: (user: ServerUser) => boolean): ServerUser | undefined
  /** As long as this goes on a person thinks, and no time that the server has runs. */
  whileAsking<T>(work: Promise<T>): Promise<T>
  readonly isAsking: boolean
  /** Told when asking begins and when it is over. Gives what ends that. */
  onAsking(listener: () => void): () => void
}

export function serverUsers(): Users {
  const all: ServerUser[] = []
  const listeners = new Set<() => void>()
  let asking = 0
  const changeAsking = (by: number) => {
    const was = asking > 0
    asking += by
    if (was !== asking > 0) for (const listener of listeners) listener()
  }
  return {
    add(user) {
      const entry = { ...user }
      all.push(entry)
      return () => {
        const at = all.indexOf(entry)
        if (at >= 0) all.splice(at, 1)
      }
    },
    get count() {
      return all.length
    },
    newest: (has) => all.findLast(has),
    async whileAsking(work) {
      changeAsking(1)
      try {
        return await work
      } finally {
        changeAsking(-1)
      }
    },
    get isAsking() {
      return asking > 0
    },
    onAsking(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
