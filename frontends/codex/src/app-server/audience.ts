import type { Json } from "@skein/protocol/json"

/** A client of the server, as the others see it. */
export interface Listener {
  notify(method: string, params: Json): void
  /** Whether it follows this thread, and so hears by itself what happens in it. */
  isOpen(threadId: string): boolean
}

/** The clients of one server: what becomes of threads and of the account is told to each of them. */
export class Audience {
  readonly #listeners = new Set<Listener>()

  join(listener: Listener): void {
    this.#listeners.add(listener)
  }

  leave(listener: Listener): void {
    this.#listeners.delete(listener)
  }

  tell(method: string, params: Json): void {
    for (const listener of this.#listeners) listener.notify(method, params)
  }

  /** All but those that follow the thread. */
  tellOutside(threadId: string, method: string, params: Json): void {
    for (const listener of this.#listeners) if (!listener.isOpen(threadId)) listener.notify(method, params)
  }
}
