export { BLANK, type Drawn, draw } from "./draw.ts"
export { type LinesOptions, runLines } from "./lines.ts"
export { type PickOptions, type PickTerminal, pick } from "./pick.ts"
