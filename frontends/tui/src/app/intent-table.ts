import type { Intent } from "../intent.ts"

type ByType = { readonly [I in Intent as I["type"]]: I }

/** An intent of one of these types. */
export type IntentOf<T extends Intent["type"]> = ByType[T]

/** By the type of an intent: what does it, on what it needs. */
export type IntentTable<T extends Intent["type"], On> = {
  readonly [P in T]: (intent: ByType[P], on: On) => void | Promise<void>
}

/** Has it done by the one of the table that can. */
export async function doneBy<T extends Intent["type"], On>(
  table: IntentTable<T, On>,
  intent: { readonly [P in T]: ByType[P] & { readonly type: P } }[T],
  on: On,
): Promise<void> {
  await table[intent.type](intent, on)
}
