/** The same throws for the same seed, so that a failure can be looked at again: each a whole number below `sides`. */
export function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

/** In an order that was thrown. */
export function shuffled<T>(values: readonly T[], roll: (sides: number) => number): T[] {
  return values
    .map((value) => ({ value, place: roll(2 ** 32) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ value }) => value)
}
