import type { IUnicodeVersionProvider } from "@xterm/headless"

/**
 * Widths as terminals of today have them: whole clusters, emoji two cells wide. What @xterm/headless has by itself is the
 * table of 2016, in which an emoji has one cell and nothing joins.
 */
export const modernWidths: IUnicodeVersionProvider & { charProperties(code: number, preceding: number): number } = {
  version: "modern",
  wcwidth: (code) => widthOf(code),
  charProperties(code, preceding) {
    const before = stateOf(preceding)
    const width = widthOf(code)
    const isSecondFlag = isFlag(code) && before === State.FirstFlag
    const joins = preceding !== 0 && (width === 0 || isSecondFlag || before === State.Joiner || isSkinTone(code))
    const state = code === 0x200d ? State.Joiner : isFlag(code) && !isSecondFlag ? State.FirstFlag : State.None
    if (!joins) return properties(state, width, false)
    const widens = code === 0xfe0f || isSecondFlag || before === State.Joiner || isSkinTone(code)
    return properties(state, widens ? Math.max(2, widthIn(preceding)) : widthIn(preceding), true)
  },
}

const State = { None: 0, Joiner: 1, FirstFlag: 2 } as const

function widthOf(code: number): 0 | 1 | 2 {
  if (isFlag(code)) return 1
  const width = Bun.stringWidth(String.fromCodePoint(code))
  return width > 1 ? 2 : width === 1 ? 1 : 0
}

function isFlag(code: number): boolean {
  return code >= 0x1f1e6 && code <= 0x1f1ff
}

function isSkinTone(code: number): boolean {
  return code >= 0x1f3fb && code <= 0x1f3ff
}

/** The packing that xterm's parser reads: whether it joins in the lowest bit, then two bits of width, then a state of ours. */
function properties(state: number, width: number, joins: boolean): number {
  return (state << 3) | (width << 1) | (joins ? 1 : 0)
}

function stateOf(packed: number): number {
  return packed >> 3
}

function widthIn(packed: number): number {
  return (packed >> 1) & 3
}
