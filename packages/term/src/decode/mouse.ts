import type { Input } from "../input.ts"

type Mouse = Extract<Input, { readonly kind: "mouse" }>

/** A report of the SGR mouse protocol: button and what was held, column and row from 1. */
export function mouseInput([code = 0, column = 1, row = 1]: readonly number[], isRelease: boolean): Mouse | undefined {
  const at = { column: Math.max(0, column - 1), row: Math.max(0, row - 1) }
  if (code & EXTRA) return undefined
  if (code & WHEEL) {
    const turned = code & BUTTON
    // A wheel that is tipped sideways has nothing to move here.
    if (turned > 1) return undefined
    return { kind: "mouse", action: turned === 0 ? "wheel-up" : "wheel-down", button: "none", ...at }
  }
  const button = BUTTONS[code & BUTTON] ?? "none"
  if (code & MOTION) return { kind: "mouse", action: button === "none" ? "move" : "drag", button, ...at }
  return { kind: "mouse", action: isRelease ? "release" : "press", button, ...at }
}

const BUTTON = 3
const MOTION = 32
const WHEEL = 64
const EXTRA = 128
const BUTTONS = ["left", "middle", "right", "none"] as const
