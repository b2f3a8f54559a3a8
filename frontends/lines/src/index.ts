export { BLANK, type Drawn, draw } from "./draw.ts"
export { type LinesOptions, runLines } from "./lines.ts"
