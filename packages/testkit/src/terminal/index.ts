export type { TerminalFacts } from "./answers.ts"
export type { CellStyle, TerminalCell } from "./cell.ts"
export { svgOf } from "./svg.ts"
export { type VirtualTerminal, type VirtualTerminalOptions, virtualTerminal } from "./virtual-terminal.ts"
