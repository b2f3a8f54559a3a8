export { InputDecoder } from "./decode/decoder.ts"
export type { Caret, Frame, Size, Surface, WriteMetrics } from "./frame.ts"
export type { Input, TerminalReply } from "./input.ts"
export { type Color, type Line, PALETTE, type Span, type Style, textOf } from "./line.ts"
