import type { Word } from "./nodes.ts"

/** A word that is what it says, as no shell read it. */
export function plainWord(value: string): Word {
  return { value, text: quoted(value), start: -1, head: value, isSplit: false }
}

/** As it could stand in a line. */
export function quoted(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
