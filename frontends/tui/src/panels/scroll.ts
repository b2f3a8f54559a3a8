import type { Input } from "@skein/term"

/** What was drawn last: a key knows the rows of the screen, and not how wide they are. */
export interface Measured {
  /** The furthest that it can be scrolled. */
  topMax: number
}

/** Where a key scrolls to; undefined when it scrolls nothing. `page` is how many rows are shown at once. */
export function scrolledTop(input: Input, top: number, page: number, { topMax }: Measured): number | undefined {
  const by = scrollBy(input, page)
  return by === undefined ? undefined : Math.max(0, Math.min(topMax, Math.min(top, topMax) + by))
}

function scrollBy(input: Input, page: number): number | undefined {
  if (input.kind === "mouse") return WHEEL[input.action]
  if (input.kind !== "key") return undefined
  const step = STEPS[input.chord]
  if (step !== undefined) return step
  const pages = PAGES[input.chord]
  return pages === undefined ? undefined : Math.trunc(pages * Math.max(1, page - 1))
}

const WHEEL: Readonly<Record<string, number>> = { "wheel-up": -3, "wheel-down": 3 }

const ALL = Number.MAX_SAFE_INTEGER

const STEPS: Readonly<Record<string, number>> = {
  ...{ up: -1, down: 1, k: -1, j: 1, "alt+k": -1, "alt+j": 1 },
  ...{ home: -ALL, end: ALL, g: -ALL, G: ALL, "ctrl+g": -ALL, "ctrl+shift+g": ALL, "ctrl+home": -ALL, "ctrl+end": ALL },
}

const PAGES: Readonly<Record<string, number>> = {
  ...{ "page-up": -1, "page-down": 1, " ": 1, "ctrl+b": -1, "ctrl+f": 1 },
  ...{ "alt+u": -0.5, "alt+d": 0.5, "ctrl+u": -0.5, "ctrl+d": 0.5 },
}
